/** What a command needs of the outside; tests pass their own. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTty: boolean;
  /** Asks inline; `null` when the person closed the input. */
  readonly question: (prompt: string, signal: AbortSignal) => Promise<string | null>;
  readonly cwd: string;
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

/** Text from agents and repositories is printed inert: no control, escape or bidirectional characters reach the terminal. */
export function inert(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
