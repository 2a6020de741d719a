/**
 * What has a shell mark its prompts and commands (OSC 133), run after the user's own start-up files. Each keeps to
 * functions and variables of its own, looks again at every prompt, since prompts get replaced, and gives `$?` back.
 *
 * @module
 */

/**
 * For `bash --rcfile`, in the place of `~/.bashrc`, which it reads first. `--rcfile` is for shells that are not login
 * shells: for one that is, it reads what such a shell would have.
 *
 * `D` is written before anything of the user's `PROMPT_COMMAND`, `C` after `PS0`. Whether a command has run is noted
 * where `PS0` is expanded: an empty line runs none. Bash before 4.4 has no `PS0`, and tells of prompts only.
 */
export function bashScript(login: boolean): string {
  return `${login ? BASH_LOGIN : BASH_RC}\n${BASH_MARKS}`;
}

const BASH_RC = `if [ -r ~/.bashrc ]; then . ~/.bashrc; fi`;

const BASH_LOGIN = `if [ -r /etc/profile ]; then . /etc/profile; fi
for __collab_file in ~/.bash_profile ~/.bash_login ~/.profile; do
  if [ -r "$__collab_file" ]; then . "$__collab_file"; break; fi
done
unset __collab_file`;

const BASH_MARKS = String.raw`
__collab_ran= __collab_a='\[\e]133;A\a\]' __collab_b='\[\e]133;B\a\]'
__collab_c='\${__collab_ran:0:$((__collab_ran=1,0))}\e]133;C\a'
__collab_done() {
  local status=$?
  if [ -n "$__collab_ran" ]; then builtin printf '\e]133;D;%s\a' "$status"; __collab_ran=; fi
  return "$status"
}
__collab_prompt() {
  __collab_done || :
  case "\${PS1-}" in *"$__collab_a"*) ;; *) PS1="$__collab_a\${PS1-}$__collab_b" ;; esac
  case "\${PS0-}" in *"$__collab_c"*) ;; *) PS0="\${PS0-}$__collab_c" ;; esac
}
if ((BASH_VERSINFO[0] > 5 || BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] > 0)); then
  PROMPT_COMMAND=(__collab_done \${PROMPT_COMMAND[@]+"\${PROMPT_COMMAND[@]}"} __collab_prompt)
else
  PROMPT_COMMAND="__collab_done
\${PROMPT_COMMAND-}
__collab_prompt"
fi
`.replaceAll("\\$", "$");

/** The variable in which zsh is told where the user's own files are, if not in the home directory. */
export const ZSH_DIR = "COLLAB_ZDOTDIR";

/**
 * For zsh, as the `.zshenv` of a directory of ours: the first file that it reads. It puts the user's directory back,
 * from which zsh reads all others. What is to come first and last among the user's hooks gets there at the first prompt.
 */
export const ZSH_SCRIPT: string = String.raw`
if [[ -n "\${${ZSH_DIR}+set}" ]]; then
  export ZDOTDIR="$${ZSH_DIR}"
  unset ${ZSH_DIR}
else
  unset ZDOTDIR
fi
if [[ -r "\${ZDOTDIR-$HOME}/.zshenv" ]]; then source "\${ZDOTDIR-$HOME}/.zshenv"; fi
if [[ -o interactive ]]; then
  typeset -gi _collab_ran=0
  typeset -g _collab_a=$'%{\e]133;A\a%}' _collab_b=$'%{\e]133;B\a%}'
  typeset -ga precmd_functions preexec_functions
  _collab_preexec() {
    builtin print -n '\e]133;C\a'
    _collab_ran=1
  }
  _collab_done() {
    builtin local code=$?
    (( _collab_ran )) || return 0
    builtin print -n "\e]133;D;$code\a"
    _collab_ran=0
  }
  _collab_prompt() {
    builtin local percent=0
    if [[ -o prompt_percent ]]; then percent=1; fi
    builtin emulate -L zsh
    if (( ! percent )); then
      builtin print -n '\e]133;A\a'
    elif [[ "$PS1" != *"$_collab_a"* ]]; then
      PS1="$_collab_a$PS1$_collab_b"
    fi
    if [[ "$precmd_functions[1] $precmd_functions[-1]" != "_collab_done _collab_prompt" ]]; then
      # Those behind it come once more before it is the last: for this prompt it is called again after them.
      if builtin zmodload zsh/sched 2>/dev/null; then builtin sched +0 _collab_prompt; fi
      precmd_functions=(_collab_done \${precmd_functions:#_collab_*} _collab_prompt)
    fi
  }
  precmd_functions=(_collab_done $precmd_functions _collab_prompt)
  preexec_functions+=(_collab_preexec)
fi
`.replaceAll("\\$", "$");

/**
 * For `fish --init-command`, which runs after the user's files. Fish marks by itself since version 4; where both say
 * the same at the same place, that is one mark.
 */
export const FISH_SCRIPT: string = String.raw`
function __collab_prompt --on-event fish_prompt --on-event fish_posterror --on-event fish_cancel; printf '\e]133;A\a'; end
function __collab_output --on-event fish_preexec; printf '\e]133;C\a'; end
function __collab_done --on-event fish_postexec; printf '\e]133;D;%s\a' $status; end
functions --copy fish_prompt __collab_user_prompt
function fish_prompt; __collab_user_prompt; printf '\e]133;B\a'; end
`.trim();
