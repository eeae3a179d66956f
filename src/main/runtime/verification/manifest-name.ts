/** Packages that tests assert with, or that run them. */
const ASSERTIONS =
  /^(?:chai|expect|should|assert|power-assert|unexpected|vitest|jest|mocha|ava|tap|tape|uvu|sinon|supertest|jasmine|earl|@(?:jest|vitest|testing-library|playwright|cypress)\/.+)$/;

/**
 * A package may import itself by its own name, and that name comes before those of installed packages: under the name of a
 * dependency its own `exports` would be loaded instead.
 */
export function takesNameOfDependency(
  base: { readonly [key: string]: unknown },
  theirs: { readonly [key: string]: unknown },
): boolean {
  const name = theirs['name'];
  if (typeof name !== 'string' || name === base['name']) return false;
  return (
    ASSERTIONS.test(name) ||
    [base, theirs].some((manifest) =>
      ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].some((field) => {
        const names = manifest[field];
        return names !== null && typeof names === 'object' && Object.hasOwn(names, name);
      }),
    )
  );
}
