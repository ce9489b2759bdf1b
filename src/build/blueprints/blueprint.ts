import type { ProjectSpec } from './project-spec.js';

/**
 * One unit of a blueprint: the files it adds, and the text it puts into files of other parts.
 *
 * `folder` holds `templates/files`, laid out as in the project, and `templates/insertions`, a file for each
 * insertion point it fills. A name that ends in `.eta` is a template, and left out where it renders to nothing; a
 * name that starts with `dot-` gets a dot.
 */
export interface Part {
  folder: URL;
  appliesTo(spec: ProjectSpec): boolean;
  /** Packages it uses at run time; their versions come from the toolchain's pinned list. */
  dependencies: string[];
  /** Packages with types of those, which only the compiler uses. */
  typeDependencies?: string[];
  /** Packages that only its tests use. */
  testDependencies: string[];
}

/** What a person may ask for by name. */
export interface FeatureInfo {
  name: string;
  summary: string;
}

/** Everything that the engine knows about one framework. */
export interface Blueprint {
  /** In the order in which their insertions appear. */
  parts: Part[];
  /** Values for the templates, beside the insertions. */
  valuesFor(spec: ProjectSpec, parts: Part[]): Record<string, unknown>;
  /** Whether a file is left out of a project without tests. */
  isTest(path: string): boolean;
  /** Joins what several parts insert into one import block. */
  mergeImports(text: string): string;
}
