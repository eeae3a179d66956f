export const rerunRedFirst = async <Run, Compared>(o: {
  readonly runs: readonly Run[];
  readonly compare: (runs: readonly Run[]) => Compared;
}): Promise<object> => ({
  ok: true,
  value: { compared: o.compare(o.runs), whole: o.runs, alone: null },
});
