import { checkProject, type FileResult } from './check-project.js';
import { JailedFiles } from './jailed-host.js';
import { isManifest, OwnPackages } from './own-packages.js';
import { projectsOf } from './project-options.js';
import type { Tree } from './tree-paths.js';

/**
 * Type-checks a tree without anything but its own files and TypeScript's library.
 *
 * Nothing of the tree runs or is loaded, its packages don't have to be there, and what follows from their absence is
 * not reported. One result for each file of TypeScript or JavaScript that is no mere declaration.
 */
export function* checkTree(tree: Tree): Generator<FileResult> {
  const packages = new OwnPackages(tree);
  const files = new Map([...tree].filter(([path]) => !isManifest(path)));
  for (const project of projectsOf(files)) {
    yield* checkProject(new JailedFiles(files), project, packages);
  }
}
