import { singularName, wordsOf } from '../names.js';
import type { FieldSpec, ResourceSpec } from '../project-spec.js';

/** The things to store that a goal speaks of, while it is read. */
export class Drafts {
  private readonly byName = new Map<string, ResourceSpec>();
  private readonly relatedBefore = new Map<string, readonly string[]>();
  /** The thing that the goal speaks of. */
  current: ResourceSpec | undefined;

  /** @param hinted Names that the goal uses for things somewhere. */
  constructor(
    known: readonly ResourceSpec[],
    private readonly hinted: ReadonlySet<string>,
  ) {
    for (const resource of known) {
      this.relatedBefore.set(resource.name, [...resource.belongsTo]);
      this.byName.set(resource.name, {
        ...resource,
        fields: resource.fields.map((field) => ({ ...field })),
        belongsTo: [...resource.belongsTo],
      });
    }
  }

  /** The same things, to try on them what a phrase may say. */
  fork(): Drafts {
    return new Drafts(this.all, this.hinted);
  }

  get all(): ResourceSpec[] {
    return [...this.byName.values()];
  }

  find(name: string): ResourceSpec | undefined {
    const singular = singularName(name);
    return this.hinted.has(singular) ? this.ensure(name) : this.byName.get(singular);
  }

  /** The thing of this name, new where there is none. */
  ensure(text: string): ResourceSpec {
    const name = singularName(text);
    let resource = this.byName.get(name);
    if (!resource) {
      resource = { name, fields: [], belongsTo: [], readableBy: 'owner', deletableBy: 'owner' };
      this.byName.set(name, resource);
    }
    return resource;
  }

  remove(name: string): void {
    this.byName.delete(name);
    for (const { belongsTo } of this.byName.values()) {
      if (belongsTo.includes(name)) {
        belongsTo.splice(belongsTo.indexOf(name), 1);
      }
    }
  }

  /** @returns false where the two would belong to each other */
  relate(child: ResourceSpec, parent: ResourceSpec): boolean {
    if (child.name === parent.name || this.isBelow(parent, child.name)) {
      return false;
    }
    if (!child.belongsTo.includes(parent.name)) {
      child.belongsTo.push(parent.name);
    }
    return true;
  }

  /** @returns false where the one doesn't belong to the other, or did so before this goal */
  unrelate(child: ResourceSpec, parent: ResourceSpec): boolean {
    const index = child.belongsTo.indexOf(parent.name);
    const isOld = this.relatedBefore.get(child.name)?.includes(parent.name) === true;
    return index >= 0 && !isOld && child.belongsTo.splice(index, 1).length > 0;
  }

  /** The field that a phrase names: of this thing, or of the only one that has such a field. */
  findField(text: string, of?: ResourceSpec): FieldSpec | undefined {
    const name = wordsOf(text).join('_');
    const singular = singularName(text);
    const inResource = ({ fields }: ResourceSpec) => {
      const exact = fields.filter((field) => field.name === name || field.name === singular);
      const byLastWord = fields.filter((field) => field.name.endsWith(`_${name}`));
      return exact.length > 0 ? exact : byLastWord.length === 1 ? byLastWord : [];
    };
    if (of) {
      return inResource(of)[0];
    }
    const found = this.all.flatMap(inResource);
    return found.length === 1 ? found[0] : undefined;
  }

  private isBelow(resource: ResourceSpec, ancestor: string): boolean {
    return resource.belongsTo.some((name) => {
      const parent = this.byName.get(name);
      return name === ancestor || (parent !== undefined && this.isBelow(parent, ancestor));
    });
  }
}

/** Adds a field, or gives the one that is there the rules of the new one. */
export function putField(resource: ResourceSpec, field: FieldSpec): void {
  const index = resource.fields.findIndex(({ name }) => name === field.name);
  if (index < 0) {
    resource.fields.push(field);
  } else {
    resource.fields[index] = field;
  }
}
