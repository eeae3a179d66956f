/** The wall clock of this process jumps once, in the middle of a run; the monotonic one does not. */
export function jump(ms: number): void {
  const real = Date.now.bind(Date);
  const at = real() + 1_800;
  Date.now = () => {
    const now = real();
    return now < at ? now : now + ms;
  };
}
