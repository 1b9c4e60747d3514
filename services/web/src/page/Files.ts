import type { Status } from './Status.js';

export interface FilesEvents {
  /** What opens the seat for this browser. */
  readonly proof: string | undefined;
  /** This page's number among the viewers. */
  viewer(): number;
}

/** Files to the seat by dropping them or by a button, one after the other; and what the seat sends. */
export class Files {
  readonly #on: FilesEvents;
  readonly #status: Status;
  #last: Promise<void> = Promise.resolve();

  constructor(
    elements: { stage: HTMLElement; button: HTMLButtonElement; picker: HTMLInputElement },
    on: FilesEvents,
    status: Status,
  ) {
    this.#on = on;
    this.#status = status;
    const { stage, button, picker } = elements;
    const shows = (over: boolean) => {
      stage.dataset['drop'] = String(over);
    };
    stage.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      shows(true);
    });
    stage.addEventListener('dragleave', () => shows(false));
    stage.addEventListener('drop', (event) => {
      shows(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.#sendAll(event.dataTransfer.files);
    });
    button.addEventListener('click', () => picker.click());
    picker.addEventListener('change', () => {
      this.#sendAll(picker.files ?? []);
      picker.value = '';
    });
  }

  /** An image for the seat's clipboard; resolves when it is there, or cannot be. */
  async sendImage(image: Blob): Promise<void> {
    await this.#post(`/clipboard?viewer=${this.#on.viewer()}`, image, 'Image');
  }

  /** Lets the person keep a file that the seat sends. */
  keep(file: string, name: string): void {
    const link = document.createElement('a');
    link.href = `/file/${file}`;
    link.download = name;
    link.click();
    this.#status.remark(`The seat sends ${name}`);
  }

  #sendAll(files: Iterable<File>): void {
    for (const file of files) {
      const to = `/drop?viewer=${this.#on.viewer()}&name=${encodeURIComponent(file.name)}`;
      this.#last = this.#last.then(() => this.#post(to, file, file.name));
    }
  }

  /** Not fetch(), which does not tell how far it is. */
  #post(to: string, body: Blob, name: string): Promise<void> {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', to);
      if (this.#on.proof !== undefined) request.setRequestHeader('x-proof', this.#on.proof);
      request.upload.addEventListener('progress', ({ loaded, total }) =>
        this.#status.remark(`${name}: ${Math.floor((loaded / total) * 100)} %`),
      );
      request.addEventListener('loadend', () => {
        const told = request.responseText.trim();
        this.#status.remark(
          request.status === 200 ? told : `${name} was not sent: ${told || 'the connection broke'}`,
        );
        resolve();
      });
      request.send(body);
    });
  }
}
