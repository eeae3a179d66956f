/**
 * Loaded before omk in runs of this corpus with one layer of verification off: modules of omk are replaced while they load. It works on
 * the sources alone, so there is no build of omk in which anybody could switch a layer off.
 */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';

const layer = process.env['ADVERSARIES_WITHOUT'] ?? '';
const folder = join(import.meta.dirname, 'without', layer);
const sources = pathToFileURL(join(import.meta.dirname, '..', '..', 'src')).href;

if (!existsSync(folder)) throw new Error(`Nothing says how to do without the layer "${layer}".`);

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    // A replacement may import what it stands for.
    const original = context.parentURL?.startsWith(pathToFileURL(folder).href) === true;
    if (original || !found.url.startsWith(sources)) return found;
    // By its name, or where two have the same one, by that of its folder too.
    const [name = '', parent = ''] = fileURLToPath(found.url).split('/').toReversed();
    const instead = [name, `${parent}-${name}`]
      .map((one) => join(folder, one))
      .find((one) => existsSync(one));
    return instead === undefined ? found : { ...found, url: pathToFileURL(instead).href };
  },
});
