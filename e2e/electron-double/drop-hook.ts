import { basename } from 'node:path';
import { notThere } from './absent.ts';
import { record } from './record.ts';
import { WebContents } from './web-contents.ts';

record.expectDrop = async (targetId, paths) => {
  const contents = WebContents.fromDevToolsTargetId(targetId);
  const files = paths.map((path) => ({ name: basename(path), path }));
  if (new Set(files.map((file) => file.name)).size !== files.length)
    throw notThere('a drop of several things of one name');
  if (contents?.mainFrame === undefined) throw new Error(`electron double: there is no page ${targetId}.`);
  await contents.mainFrame.announceDrop(files);
};
