import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDefaultMonokleValidator, type Resource } from '@monokle/validation';
import { loadAll } from 'js-yaml';

const FOLDER = 'deploy/kubernetes/base';
const files = readdirSync(FOLDER).filter((name) => name !== 'kustomization.yaml');

/** Of one file, each with the text that it comes from. */
function resourcesOf(file: string): Resource[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return text.split(/^---$/m).flatMap((part, index) => {
    const [content] = loadAll(part) as (Pick<Resource, 'apiVersion' | 'kind'> & {
      metadata: { name: string };
    })[];
    return content
      ? [
          {
            id: `${file}-${index}`,
            fileId: file,
            filePath: file,
            fileOffset: text.indexOf(part),
            name: content.metadata.name,
            apiVersion: content.apiVersion,
            kind: content.kind,
            content,
            text: part,
          },
        ]
      : [];
  });
}

async function problemsOf(resources: Resource[]): Promise<string[]> {
  const linter = createDefaultMonokleValidator();
  await linter.preload({
    plugins: {
      'yaml-syntax': true,
      'resource-links': true,
      'pod-security-standards': true,
      practices: true,
      // They ask servers elsewhere for what they compare with.
      'kubernetes-schema': false,
      'open-policy-agent': false,
    },
    rules: {
      // 1000 is the image's own user; that of the host's may be the same, and has nothing to do with it.
      'practices/no-low-user-id': false,
      'practices/no-low-group-id': false,
      // kustomize puts it in.
      'practices/no-latest-image': false,
    },
  });
  const { runs } = await linter.validate({ resources });
  return runs.flatMap(({ results }) =>
    results.map(({ ruleId, message }) => `${ruleId} ${message.text}`),
  );
}

describe('a linter of Kubernetes manifests', () => {
  const resources = files.flatMap(resourcesOf);

  it('finds nothing in the base', async () => {
    expect(resources.length).toBeGreaterThan(10);
    expect(await problemsOf(resources)).toEqual([]);
  });

  it('finds what is wrong', async () => {
    const worse = resources.map((each) => {
      const text = each.text.replaceAll('readOnlyRootFilesystem: true', 'privileged: true');
      return { ...each, text, content: loadAll(text)[0] };
    });
    expect((await problemsOf(worse)).length).toBeGreaterThan(0);
  });
});
