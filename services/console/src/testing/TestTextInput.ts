import { EventEmitter, once } from 'node:events';
import {
  type Display,
  type WlSurfaceResource,
  ZwpTextInputManagerV3Resource,
  type ZwpTextInputV3Resource,
} from '@switchyard/wayland';

export interface TextField {
  readonly enabled: boolean;
  readonly purpose: number;
  readonly hint: number;
  readonly cursor: readonly [x: number, y: number, width: number, height: number] | undefined;
}

const nothing: TextField = { enabled: false, purpose: 0, hint: 0, cursor: undefined };

/** The display's input method: what our client tells of its text field, and what is composed for it. */
export class TestTextInput {
  readonly #events = new EventEmitter();
  /** What each commit told. */
  readonly commits: TextField[] = [];
  /** Requests of any kind. */
  requests = 0;
  #resource: ZwpTextInputV3Resource | undefined;
  #surface: WlSurfaceResource | undefined;
  #pending = nothing;

  constructor(display: Display) {
    display.addGlobal(ZwpTextInputManagerV3Resource, 1, (manager) =>
      manager.implement({ destroy() {}, getTextInput: (_, input) => this.#create(input) }),
    );
  }

  get field(): TextField {
    return this.commits.at(-1) ?? nothing;
  }

  /** The surface that has the keyboard. */
  focus(surface: WlSurfaceResource | undefined): void {
    if (surface === this.#surface) return;
    if (this.#surface?.alive) this.#resource?.sendLeave(this.#surface);
    this.#surface = surface;
    this.#pending = nothing;
    if (surface) this.#resource?.sendEnter(surface);
  }

  async committed(matches: (field: TextField) => boolean): Promise<TextField> {
    while (!matches(this.field)) await once(this.#events, 'commit');
    return this.field;
  }

  /** `late`: for a state before the last one. */
  compose(what: {
    preedit?: string;
    cursor?: readonly [number, number];
    commit?: string;
    before?: number;
    late?: boolean;
  }): void {
    const [begin, end] = what.cursor ?? [0, 0];
    if (what.preedit !== undefined) this.#resource?.sendPreeditString(what.preedit, begin, end);
    if (what.commit !== undefined) this.#resource?.sendCommitString(what.commit);
    if (what.before !== undefined) this.#resource?.sendDeleteSurroundingText(what.before, 0);
    this.#resource?.sendDone(this.commits.length - (what.late ? 1 : 0));
  }

  #create(input: ZwpTextInputV3Resource): void {
    const change = (change: Partial<TextField>) => {
      this.requests++;
      this.#pending = { ...this.#pending, ...change };
    };
    this.#resource = input.implement({
      destroy() {},
      enable: () => change({ ...nothing, enabled: true }),
      disable: () => change({ enabled: false }),
      setSurroundingText: () => change({}),
      setTextChangeCause: () => change({}),
      setContentType: (_, hint, purpose) => change({ hint, purpose }),
      setCursorRectangle: (_, ...cursor) => change({ cursor }),
      commit: () => {
        this.requests++;
        this.commits.push(this.#pending);
        this.#events.emit('commit');
      },
    });
    if (this.#surface) input.sendEnter(this.#surface);
  }
}
