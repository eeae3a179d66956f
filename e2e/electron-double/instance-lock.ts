import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What a second instance says to the first. */
export type SecondInstance = { readonly argv: string[]; readonly cwd: string; readonly data: unknown };

/** Pid and start time, so that a number used again by another process is not taken for the old holder. */
function identity(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    // No /proc, or no such process.
    return `${pid}:`;
  }
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(':')[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return identity(pid) === holder;
}

/**
 * The single-instance lock of one user data folder: a symlink, which is made atomically and names its holder, and a
 * folder next to it where later instances leave their command line. A lock whose holder died is taken over.
 */
export class InstanceLock {
  readonly #lock: string;
  readonly #inbox: string;
  readonly #onSecond: (second: SecondInstance) => void;
  #held = false;

  constructor(userData: string, onSecond: (second: SecondInstance) => void) {
    this.#lock = join(userData, 'electron-double.lock');
    this.#inbox = join(userData, 'electron-double-instances');
    this.#onSecond = onSecond;
    mkdirSync(this.#inbox, { recursive: true, mode: 0o700 });
  }

  get held(): boolean {
    return this.#held;
  }

  /** True when this process is the first. Otherwise the first has been told `message`. */
  acquire(message: SecondInstance): boolean {
    if (this.#held) return true;
    for (let tries = 0; tries < 10; tries++) {
      try {
        symlinkSync(identity(process.pid), this.#lock);
        this.#held = true;
        this.#listen();
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = this.#holder();
      if (holder !== undefined && isAlive(holder)) {
        this.#tell(message);
        return false;
      }
      if (holder !== undefined) this.#remove();
    }
    throw new Error('electron double: the single instance lock keeps changing hands.');
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#remove();
  }

  #holder(): string | undefined {
    try {
      return readlinkSync(this.#lock);
    } catch {
      // Released between our attempt and this look: try again.
      return undefined;
    }
  }

  #remove(): void {
    try {
      unlinkSync(this.#lock);
    } catch {
      // Somebody else removed the dead holder's lock first.
    }
  }

  #tell(message: SecondInstance): void {
    const name = join(this.#inbox, `${process.pid}-${process.hrtime.bigint()}`);
    writeFileSync(name, JSON.stringify(message), { mode: 0o600 });
    renameSync(name, `${name}.json`);
  }

  #listen(): void {
    for (const left of readdirSync(this.#inbox)) unlinkSync(join(this.#inbox, left));
    watch(this.#inbox, { persistent: false }, () => this.#read());
  }

  #read(): void {
    for (const name of readdirSync(this.#inbox)) {
      if (!name.endsWith('.json')) continue;
      const file = join(this.#inbox, name);
      const text = readFileSync(file, 'utf8');
      unlinkSync(file);
      if (this.#held) this.#onSecond(JSON.parse(text) as SecondInstance);
    }
  }
}
