interface Window {
  /** The one object the preload exposes; not there in a browser. */
  readonly omk?: {
    /** Asks the host for a port, which then arrives as a window message. */
    readonly connect: () => Promise<void>;
    /** Where a dropped file lies on disk. */
    readonly pathForFile: (file: File) => string;
  };
}
