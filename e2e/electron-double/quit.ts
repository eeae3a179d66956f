/** Breaks the circle between the menu, whose quit role quits the app, and the app, which owns the menu. */
let quit: () => void = () => {
  throw new Error('electron double: asked to quit before it had started.');
};

export function setQuit(implementation: () => void): void {
  quit = implementation;
}

export function quitApp(): void {
  quit();
}
