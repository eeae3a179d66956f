/** What a command needs of the outside; tests pass their own. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTty: boolean;
  /** Asks inline; `null` when the person closed the input. */
  readonly question: (prompt: string, signal: AbortSignal) => Promise<string | null>;
  /** All of the standard input; stops reading soon after `limit` bytes. */
  readonly input: (limit: number) => Promise<string>;
  readonly cwd: string;
  /** Aborted once nobody reads what we print any more (`| head`). */
  readonly unread: AbortSignal;
};

/** The command itself failed, with the sentence to print. 1: refused or unknown; 2: used wrongly. */
export class CommandFailed extends Error {
  readonly exitCode: 1 | 2;

  constructor(exitCode: 1 | 2, message: string) {
    super(message);
    this.name = 'CommandFailed';
    this.exitCode = exitCode;
  }
}

export const failed = (message: string): CommandFailed => new CommandFailed(1, message);
export const misused = (message: string): CommandFailed => new CommandFailed(2, message);
