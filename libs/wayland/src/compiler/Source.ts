/** Lines of TypeScript, indented by nesting. */
export class Source {
  readonly #lines: string[] = [];
  #indent = 0;

  line(text = ''): this {
    this.#lines.push(text === '' ? '' : '  '.repeat(this.#indent) + text);
    return this;
  }

  /** `head {`, the body one level deeper, `}` and the tail. */
  block(head: string, body: () => void, tail = ''): this {
    this.line(`${head} {`);
    this.#indent++;
    body();
    this.#indent--;
    return this.line(`}${tail}`);
  }

  doc(...paragraphs: string[]): this {
    const lines = paragraphs.filter((text) => text !== '');
    if (lines.length === 0) return this;
    if (lines.length === 1) return this.line(`/** ${lines[0]} */`);
    this.line('/**');
    for (const line of lines) this.line(` * ${line}`);
    return this.line(' */');
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
