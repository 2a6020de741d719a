/**
 * What is used of `@xterm/addon-unicode11`, whose own types would bring those of a browser with them.
 */
interface Unicode11 {
  readonly Unicode11Addon: new () => {
    activate(terminal: { readonly unicode: { register(provider: unknown): void } }): void;
  };
}
declare const unicode11: Unicode11;
export default unicode11;
