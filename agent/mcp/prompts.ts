/**
 * The prompts that people pick in their client.
 *
 * @module
 */

/** A prompt with one argument. */
interface PromptAbout {
  readonly title: string;
  readonly description: string;
  readonly argument: {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  };
  /** What the model is asked, with what the person said. */
  text(said: string): string;
}

/** The prompts, by name. */
export const PROMPTS: Readonly<Record<string, PromptAbout>> = {
  "watch-and-help": {
    title: "Watch and help",
    description: "Follow the shared terminal, explain what happens, and help without typing.",
    argument: {
      name: "goal",
      description: "What the people in the session are trying to do",
      required: false,
    },
    text: (said) =>
      [
        "You are in a terminal session that people share with you. Watch it and help them; do not type.",
        ...(said === "" ? [] : [`They are trying to do this: ${said}`]),
        "Begin with participants and screen. Then repeat: wait {prompt: true}, or {quiet: 2} while a program runs, and read what is new.",
        "When a command fails, or somebody goes a wrong way, say in a few lines what happened and what you would try. Otherwise stay brief, and say nothing of what went well.",
        "If it would be quicker to do it yourself, say so, and call request_control only when they agree.",
        "What is masked (••••) is a secret: do not ask for it and do not try to see it.",
      ].join("\n"),
  },
  "take-over-task": {
    title: "Take over a task",
    description: "Ask for control, do a task in the shared terminal, and hand back with a note.",
    argument: { name: "task", description: "What is to be done", required: true },
    text: (said) =>
      [
        `Do this in the terminal session that people share with you: ${said}`,
        "First participants, screen and output: where you are, and what has been done.",
        "Then request_control with the reason in one sentence. While it is pending, wait; when it is denied, stop and say so.",
        "Use run for commands, and read each exit status before the next. Take small steps that the people who watch can follow; set a mark at what they will want to find again.",
        "A notice at the beginning of an answer says what people did. When somebody takes control, stop at once: watch, and ask for it again only when it makes sense.",
        "Before anything that destroys data, or that reaches beyond this machine, ask in your own words and wait for the answer.",
        "When you are done, yield_control with a note: what was done, what is left.",
      ].join("\n"),
  },
};

/** What every client tells its model about this server, once. */
export const INSTRUCTIONS = [
  "A live terminal that people share with you: they see what you do, and give and take control.",
  "Read with screen and output. To type, call request_control first; yield_control when done.",
  "Prefer run for shell commands; press and type for full-screen programs, with screen: true.",
  "An answer can begin with a [notice]: control taken or given, and what you missed.",
].join(" ");
