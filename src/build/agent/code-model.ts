import type { ProjectSpec } from '../blueprints/project-spec.js';
import type { Usage } from './usage.js';

export interface Goal {
  projectName: string;
  goal: string;
  parameters: Record<string, unknown>;
}

/** Path -> content. */
export type SourceTree = ReadonlyMap<string, Buffer>;

/** The source that a build starts from. */
export interface Head {
  paths: string[];
  /** What the engine made it as, whoever edited it since; `null`: the engine had no part in it. */
  spec: ProjectSpec | null;
  /** Whether it rests on the engine's own text, which a new generation can then be merged with. */
  isGenerated: boolean;
}

/** What a build makes. Plain data: it goes into the graph's checkpoint. */
export interface Plan {
  spec: ProjectSpec;
  /** What an editor has to write beyond what `scaffold` gives. */
  tasks: string[];
  /** Whether the engine has more for a project that has source already; absent: that source is all there is. */
  extendsSource?: boolean;
}

/** Waits for the provider, one after another, since its last answer. */
export interface WaitedFor {
  /** Tries without a word from the provider about when to come back. */
  tries: number;
  waitedMs: number;
}

/** What a model's work on one build is bound to. */
export interface SessionOptions {
  signal: AbortSignal;
  /** What the build has used so far, in earlier processes; absent: nothing. */
  usage: Usage | undefined;
  /** Where the build was parked, and this goes on with it. */
  waited?: WaitedFor | undefined;
  /** Called while the model's provider keeps us waiting, with a text for a person watching. */
  onWait: (text: string) => Promise<void>;
}

/**
 * What turns a goal into code. The graph around it plans, verifies and stores alike, whoever writes the code; each
 * kind of model is a subclass, with its own `trust`.
 */
export abstract class CodeModel {
  /** As named in `results.engine`. */
  abstract readonly engine: string;

  /** Who has to be trusted to run its code. */
  abstract readonly trust: 'blueprint' | 'untrusted';

  /** Begins, or goes on with, the work on one build. Builds share nothing. */
  abstract begin(goal: Goal, options: SessionOptions): Promise<CodeSession>;
}

/** One build's work with a model. */
export interface CodeSession {
  /** `null`: can't change code that is there. */
  readonly editor: Editor | null;

  /** So far; `null`: nothing that costs is used. */
  usage(): Usage | null;

  /**
   * @param head The project's source; `null`: it has none.
   * @throws TaskFailed where nothing of the goal was understood; the text says what can be built.
   * @throws BuildStopped, BuildParked
   */
  plan(head: Head | null): Promise<Plan>;

  /**
   * What the work starts from.
   * @param head The source to be changed; `null`: there is none, or it will be merged with what this gives.
   */
  scaffold(plan: Plan, head: SourceTree | null): Promise<SourceTree>;
}

/** Changes a tree of source through tools. */
export interface Editor {
  /** How often failed checks may be repaired. */
  readonly maxRepairs: number;

  /** @param suspended What an earlier process had got to with the same assignment. */
  begin(assignment: Assignment, tools: Toolbox, suspended?: SuspendedEditing): Editing;
}

export interface Assignment {
  plan: Plan;
  /** What failed, from the tools' own reports; `null`: nothing was verified yet. Text of the workspace: data. */
  failures: string | null;
  /** What could not be merged into the project's own text; `null`: nothing. Text of the workspace: data. */
  conflicts: string | null;
}

/** A conversation as plain data, for the graph's checkpoint. */
export interface SuspendedEditing {
  messages: StoredMessage[];
  /** What tells work from going round in circles. */
  seen: string[];
}

export interface StoredMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  /** Of an assistant. */
  calls?: { id: string; name: string; args: Record<string, unknown> }[];
  /** Of a tool: which call it answers. */
  answers?: { id: string; name: string };
}

/** A piece of work, which goes on where it stopped as long as the process lives. */
export interface Editing {
  /**
   * @param turns Answers of the model to wait for, at most.
   * @returns Whether it calls its work done.
   * @throws BuildStopped, BuildParked
   */
  goOn(turns: number): Promise<boolean>;

  /** What another process needs to go on with it. */
  suspend(): SuspendedEditing;
}

/** The tools of one workspace. */
export interface Toolbox {
  readonly definitions: readonly ToolDefinition[];
  /** What there is to work on: the list of files. Text of the workspace: data. */
  overview(): string;
  /** Never throws for what the model did wrong: that is an answer, too. */
  call(request: ToolRequest): Promise<string>;
}

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ToolRequest {
  id: string;
  name: string;
  /** `malformed`: they were no JSON object, and why. */
  args: { value: Record<string, unknown> } | { malformed: string };
}
