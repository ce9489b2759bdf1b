import { createHash } from 'node:crypto';

export type ObjectType = 'commit' | 'tree' | 'blob';

/** An object as Git stores it. `id` is hexadecimal SHA-1. */
export interface GitObject {
  type: ObjectType;
  id: string;
  content: Buffer;
}

export interface Commit {
  tree: string;
  /** `null`: the first one. */
  parent: string | null;
  /** A username: it has none of the characters that end a name in Git. */
  author: string;
  time: Date;
  message: string;
}

/** No host of this name can ever exist (RFC 2606): a username is no mail address. */
const MAIL_HOST = 'goalsmith.invalid';
const FILE_MODE = '100644';
const FOLDER_MODE = '40000';

export function gitObject(type: ObjectType, content: Buffer): GitObject {
  const id = createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
  return { type, id, content };
}

/** One author and committer, one time zone: the same commit always has the same id. */
export function commitObject({ tree, parent, author, time, message }: Commit): GitObject {
  const signature = `${author} <${author}@${MAIL_HOST}> ${Math.floor(time.getTime() / 1000)} +0000`;
  const lines = [
    `tree ${tree}`,
    ...(parent === null ? [] : [`parent ${parent}`]),
    `author ${signature}`,
    `committer ${signature}`,
    '',
    message,
  ];
  return gitObject('commit', Buffer.from(`${lines.join('\n')}\n`));
}

/**
 * The folders of a tree of files; the last one is the root.
 *
 * @param files Path -> id of the file's blob.
 */
export function treeObjects(files: Iterable<[path: string, blobId: string]>): GitObject[] {
  const root: Folder = new Map();
  for (const [path, id] of files) {
    const names = path.split('/');
    const name = names.pop() ?? path;
    folderAt(root, names).set(name, id);
  }
  const trees: GitObject[] = [];
  writeFolder(root, trees);
  return trees;
}

/** Name -> a blob's id, or another folder. */
type Folder = Map<string, string | Folder>;

function folderAt(root: Folder, names: string[]): Folder {
  let folder = root;
  for (const name of names) {
    const known = folder.get(name);
    const next: Folder = known instanceof Map ? known : new Map<string, string | Folder>();
    folder.set(name, next);
    folder = next;
  }
  return folder;
}

/** As deep as paths may be: 32 folders. */
function writeFolder(folder: Folder, trees: GitObject[]): string {
  const entries = [...folder].map(([name, entry]) => ({
    // Git orders a folder as if its name ended with a slash.
    key: Buffer.from(entry instanceof Map ? `${name}/` : name),
    head: Buffer.from(`${entry instanceof Map ? FOLDER_MODE : FILE_MODE} ${name}\0`),
    id: entry instanceof Map ? writeFolder(entry, trees) : entry,
  }));
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  const parts = entries.flatMap(({ head, id }) => [head, Buffer.from(id, 'hex')]);
  const tree = gitObject('tree', Buffer.concat(parts));
  trees.push(tree);
  return tree.id;
}
