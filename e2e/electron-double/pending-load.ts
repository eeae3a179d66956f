/** Chromium's numbers for the failures tests can bring about; -2 is its "failed" for the rest. */
const NET_ERRORS: Readonly<Record<string, number>> = {
  ERR_ABORTED: -3,
  ERR_CONNECTION_REFUSED: -102,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_EMPTY_RESPONSE: -324,
};

type LoadError = Error & { readonly code: string; readonly errno: number; readonly url: string };

/** One `loadURL` on its way. */
export class PendingLoad {
  readonly promise: Promise<void>;
  readonly #url: string;
  #resolve: () => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor(url: string) {
    this.#url = url;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever does not await it hears of a failure by did-fail-load.
    this.promise.catch(() => undefined);
  }

  resolve(): void {
    this.#resolve();
  }

  /** Rejects with Electron's error for Chromium's `net::ERR_…` text. */
  fail(errorText: string): LoadError {
    const code = errorText.replace(/^net::/, '');
    const errno = NET_ERRORS[code] ?? -2;
    const message = `${code} (${errno}) loading '${this.#url}'`;
    const error = Object.assign(new Error(message), { code, errno, url: this.#url });
    this.#reject(error);
    return error;
  }
}
