import type { Size } from 'electron';
import { readFileSync } from 'node:fs';
import { Loud } from './absent.ts';

const PNG_SIGNATURE = '89504e470d0a1a0a';

/** Electron's NativeImage: bytes and, for a PNG, their size. Nothing is decoded or drawn. */
export class NativeImage extends Loud {
  static override readonly label = 'nativeImage';
  readonly #bytes: Buffer;
  #template = false;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
  }

  static createEmpty(): NativeImage {
    return new NativeImage(Buffer.alloc(0));
  }

  /** An empty image when the file cannot be read, as in Electron. */
  static createFromPath(path: string): NativeImage {
    try {
      return new NativeImage(readFileSync(path));
    } catch {
      return NativeImage.createEmpty();
    }
  }

  static createFromBuffer(bytes: Buffer): NativeImage {
    return new NativeImage(Buffer.from(bytes));
  }

  static createFromDataURL(url: string): NativeImage {
    const [, base64, data = ''] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
    return new NativeImage(
      base64 === undefined ? Buffer.from(decodeURIComponent(data)) : Buffer.from(data, 'base64'),
    );
  }

  isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  getSize(): Size {
    if (this.#bytes.subarray(0, 8).toString('hex') !== PNG_SIGNATURE) return { width: 0, height: 0 };
    return { width: this.#bytes.readUInt32BE(16), height: this.#bytes.readUInt32BE(20) };
  }

  toPNG(): Buffer {
    return Buffer.from(this.#bytes);
  }

  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`;
  }

  /** The same image: sizes are not drawn. */
  resize(): NativeImage {
    return new NativeImage(this.#bytes);
  }

  setTemplateImage(template: boolean): void {
    this.#template = template;
  }

  isTemplateImage(): boolean {
    return this.#template;
  }
}
