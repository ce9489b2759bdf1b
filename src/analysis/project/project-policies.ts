import { Injectable } from '@nestjs/common';
import { mayChange, mayRead, type Principal } from '../../auth/principal.js';
import { ApiError } from '../../common/api-error.js';
import { Database, type Queryable, type Statement } from '../../infra/database/database.js';
import type { FindingStatus } from '../findings/finding.js';
import type { GateConditions } from '../verdict/quality-gate.js';

/** Whose project, by name. It need not have source: files of requests are analysed under a name, too. */
export interface ProjectKey {
  owner: string;
  projectName: string;
}

/** What people decided about a project: it holds for every later analysis. */
export interface Policy {
  /** By fingerprint. */
  decisions: ReadonlyMap<string, FindingStatus>;
  /** `null`: none was set. */
  gate: GateConditions | null;
}

export interface Decision {
  status: FindingStatus;
  comment: string | null;
}

export interface MadeDecision extends Decision {
  fingerprint: string;
  markedBy: string;
  markedAt: Date;
}

const STATEMENTS = {
  decisions: {
    name: 'policy_decisions',
    text: `SELECT fingerprint, status FROM finding_marks WHERE owner = $1 AND project_name = $2`,
  },
  gate: {
    name: 'policy_gate',
    text: `SELECT conditions FROM quality_gates WHERE owner = $1 AND project_name = $2`,
  },
  known: {
    name: 'policy_known_finding',
    text: `SELECT 1 FROM analysis_findings f JOIN tasks t ON t.id = f.analysis_id
           WHERE f.fingerprint = $3 AND t.owner = $1 AND t.project_name = $2 LIMIT 1`,
  },
  analysed: {
    name: 'policy_known_project',
    text: `SELECT 1 FROM projects WHERE owner = $1 AND name = $2
           UNION ALL SELECT 1 FROM tasks WHERE owner = $1 AND project_name = $2 LIMIT 1`,
  },
  decide: {
    name: 'policy_decide',
    text: `
      INSERT INTO finding_marks (owner, project_name, fingerprint, status, comment, marked_by)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (owner, project_name, fingerprint) DO UPDATE
        SET status = excluded.status, comment = excluded.comment, marked_by = excluded.marked_by,
            marked_at = now()
      RETURNING marked_at AS "markedAt"`,
  },
  carry: {
    name: 'policy_carry_decisions',
    text: `
      INSERT INTO finding_marks (owner, project_name, fingerprint, status, comment, marked_by, marked_at)
      SELECT owner, project_name, moved.fingerprint, status, comment, marked_by, marked_at
      FROM finding_marks m JOIN unnest($3::text[], $4::text[]) AS moved(fingerprint, earlier)
        ON m.fingerprint = moved.earlier
      WHERE owner = $1 AND project_name = $2
      ON CONFLICT DO NOTHING`,
  },
  setGate: {
    name: 'policy_set_gate',
    text: `
      INSERT INTO quality_gates (owner, project_name, conditions) VALUES ($1, $2, $3)
      ON CONFLICT (owner, project_name) DO UPDATE SET conditions = excluded.conditions`,
  },
  removeGate: {
    name: 'policy_remove_gate',
    text: `DELETE FROM quality_gates WHERE owner = $1 AND project_name = $2`,
  },
} satisfies Record<string, Statement>;

/** Decisions about findings, and thresholds. */
@Injectable()
export class ProjectPolicies {
  constructor(private readonly db: Database) {}

  async of({ owner, projectName }: ProjectKey): Promise<Policy> {
    const [decisions, gate] = await Promise.all([
      this.db.query<{ fingerprint: string; status: FindingStatus }>(STATEMENTS.decisions, [
        owner,
        projectName,
      ]),
      this.gateOf({ owner, projectName }),
    ]);
    return {
      decisions: new Map(decisions.map(({ fingerprint, status }) => [fingerprint, status])),
      gate,
    };
  }

  /** @throws ApiError forbidden, not_found */
  async gate(user: Principal, project: ProjectKey): Promise<GateConditions> {
    await this.refuseUnknown(user, project);
    return (await this.gateOf(project)) ?? {};
  }

  /** @param conditions Empty: the project has no gate any more. @throws ApiError forbidden, not_found */
  async setGate(
    user: Principal,
    project: ProjectKey,
    conditions: GateConditions,
  ): Promise<GateConditions> {
    refuseStranger(user, project);
    await this.refuseUnknown(user, project);
    const key = [project.owner, project.projectName];
    await (Object.keys(conditions).length === 0
      ? this.db.query(STATEMENTS.removeGate, key)
      : this.db.query(STATEMENTS.setGate, [...key, JSON.stringify(conditions)]));
    return conditions;
  }

  /** Remembers what to think of a finding. @throws ApiError forbidden, not_found */
  async decide(
    user: Principal,
    project: ProjectKey,
    fingerprint: string,
    { status, comment }: Decision,
  ): Promise<MadeDecision> {
    refuseStranger(user, project);
    const { owner, projectName } = project;
    const known = await this.db.query(STATEMENTS.known, [owner, projectName, fingerprint]);
    if (known.length === 0) {
      throw new ApiError('not_found', 'No analysis of this project has such a finding');
    }
    const [row] = await this.db.query<{ markedAt: Date }>(STATEMENTS.decide, [
      ...[owner, projectName, fingerprint],
      ...[status, comment, user.username],
    ]);
    const markedAt = row?.markedAt ?? new Date();
    return { fingerprint, status, comment, markedBy: user.username, markedAt };
  }

  /**
   * What was decided about findings holds under their new fingerprints as well.
   *
   * @param moved New fingerprint -> the earlier one.
   */
  async carry(
    tx: Queryable,
    { owner, projectName }: ProjectKey,
    moved: ReadonlyMap<string, string>,
  ): Promise<void> {
    if (moved.size > 0) {
      await tx.query(STATEMENTS.carry, [
        owner,
        projectName,
        [...moved.keys()],
        [...moved.values()],
      ]);
    }
  }

  /** @throws ApiError forbidden; not_found where the project has neither source nor tasks */
  async refuseUnknown(user: Principal, { owner, projectName }: ProjectKey): Promise<void> {
    if (!mayRead(user, owner)) {
      throw notYours();
    }
    const known = await this.db.query(STATEMENTS.analysed, [owner, projectName]);
    if (known.length === 0) {
      throw new ApiError('not_found', 'Project not found');
    }
  }

  private async gateOf({ owner, projectName }: ProjectKey): Promise<GateConditions | null> {
    const [row] = await this.db.query<{ conditions: GateConditions }>(STATEMENTS.gate, [
      owner,
      projectName,
    ]);
    return row?.conditions ?? null;
  }
}

function refuseStranger(user: Principal, { owner }: ProjectKey): void {
  if (!mayChange(user, owner)) {
    throw notYours();
  }
}

function notYours(): ApiError {
  return new ApiError('forbidden', 'Not authorized for this project');
}
