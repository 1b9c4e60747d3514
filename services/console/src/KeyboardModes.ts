import type { IParser } from '@xterm/headless';

/** Flags that a program pushed and did not pop, a screen. Beyond, the oldest go. */
const STACK_LIMIT = 16;
const ALL_FLAGS = 31;

/**
 * How programs ask for more of the keyboard than a VT tells: the kitty protocol's stack of flags, one for either screen, and xterm's
 * modifyOtherKeys. Both are off until somebody asks, and after a reset.
 */
export class KeyboardModes {
  readonly #alternate: () => boolean;
  #stacks: [number[], number[]] = [[0], [0]];
  modifyOtherKeys = 0;

  constructor(parser: IParser, alternateScreen: () => boolean, answer: (text: string) => void) {
    this.#alternate = alternateScreen;
    const first = (parameters: readonly (number | number[])[], absent: number) => {
      const value = parameters[0];
      return typeof value === 'number' ? value : absent;
    };
    parser.registerCsiHandler({ prefix: '>', final: 'u' }, (parameters) => {
      const stack = this.#stack;
      stack.push(first(parameters, 0) & ALL_FLAGS);
      if (stack.length > STACK_LIMIT) stack.shift();
      return true;
    });
    parser.registerCsiHandler({ prefix: '<', final: 'u' }, (parameters) => {
      const stack = this.#stack;
      stack.length = Math.max(0, stack.length - Math.max(1, first(parameters, 1)));
      if (stack.length === 0) stack.push(0);
      return true;
    });
    parser.registerCsiHandler({ prefix: '=', final: 'u' }, (parameters) => {
      const stack = this.#stack;
      const flags = first(parameters, 0) & ALL_FLAGS;
      const how = typeof parameters[1] === 'number' && parameters[1] !== 0 ? parameters[1] : 1;
      const before = stack[stack.length - 1]!;
      if (how === 1) stack[stack.length - 1] = flags;
      else if (how === 2) stack[stack.length - 1] = before | flags;
      else if (how === 3) stack[stack.length - 1] = before & ~flags;
      return true;
    });
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, () => {
      answer(`\x1b[?${this.kittyFlags}u`);
      return true;
    });
    parser.registerCsiHandler({ prefix: '>', final: 'm' }, (parameters) => {
      if (parameters.length === 0 || parameters[0] === 4 || parameters[0] === 0) {
        const level = typeof parameters[1] === 'number' ? parameters[1] : 0;
        this.modifyOtherKeys = parameters[0] === 4 ? Math.max(0, Math.min(level, 2)) : 0;
      }
      return true;
    });
    parser.registerCsiHandler({ prefix: '?', final: 'm' }, (parameters) => {
      if (parameters[0] === 4) answer(`\x1b[>4;${this.modifyOtherKeys}m`);
      return true;
    });
    parser.registerCsiHandler({ prefix: '>', final: 'n' }, (parameters) => {
      if (parameters[0] === 4) this.modifyOtherKeys = 0;
      return true;
    });
    parser.registerEscHandler({ final: 'c' }, () => {
      this.#stacks = [[0], [0]];
      this.modifyOtherKeys = 0;
      return false;
    });
  }

  get kittyFlags(): number {
    const stack = this.#stack;
    return stack[stack.length - 1]!;
  }

  get #stack(): number[] {
    return this.#stacks[this.#alternate() ? 1 : 0];
  }
}
