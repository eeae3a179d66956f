/** Reads lines and counted bytes from a stream, as the answers of `git cat-file --batch` come. */
export class ByteSource {
  readonly #chunks: AsyncIterator<unknown>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<unknown>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    const chunk = next.value;
    if (!(chunk instanceof Uint8Array)) return false;
    this.#rest = Buffer.concat([this.#rest, chunk]);
    return true;
  }

  /** Without its newline; `null` when the stream ends before one, or after `maxBytes`. */
  async line(maxBytes = 8_192): Promise<string | null> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a);
      if (end >= 0) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 1);
        return line;
      }
      if (this.#rest.length > maxBytes || !(await this.#more())) return null;
    }
  }

  /** Hands on exactly `count` bytes in pieces; `false` when the stream ends before. */
  async take(count: number, sink: (piece: Buffer) => void): Promise<boolean> {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) return false;
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) sink(piece);
    }
    return true;
  }
}
