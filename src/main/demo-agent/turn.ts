/** One turn's way to speak: what a script may say and ask, whatever the protocol. */
export interface Turn {
  readonly prompt: string;
  think(text: string): void;
  say(text: string): void;
  /** Announces a tool, runs it, announces its result. */
  tool(name: string, args: object, run: () => Promise<{ ok: boolean; output: string }>): Promise<boolean>;
  ask(question: string, options: readonly { label: string; description: string }[]): Promise<string | null>;
  approve(command: string): Promise<boolean>;
  /** Calls a tool that the client offers and gives what it answered; `null` when it offers none. */
  use(name: string, args: object): Promise<string | null>;
  /** What the client says in the middle of the turn; never comes where the protocol has no way to say it. */
  readonly told: Promise<string>;
  usage(input: number, output: number): void;
  /** Something that is not the protocol. */
  raw(text: string): void;
  readonly cancelled: AbortSignal;
}

/** Does nothing more until the turn is cancelled. */
export const forever = (turn: Pick<Turn, 'cancelled'>): Promise<void> =>
  new Promise((resolve) => {
    const stay = setInterval(() => {}, 60_000);
    turn.cancelled.addEventListener('abort', () => {
      clearInterval(stay);
      resolve();
    });
  });
