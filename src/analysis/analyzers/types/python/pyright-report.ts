import { z } from 'zod';
import type { Finding } from '../../../findings/finding.js';
import { typeFinding } from '../type-report.js';

const ARGUMENT = 'Pass arguments of the declared types';
const NONE = 'Handle None before using it';
const DEFINED = 'Define or import the names that are used without being defined';

/**
 * The rules in force and what to do: errors of types that fail where the code runs. Matters of style and of
 * completeness, and what is only true of code with full annotations, are off.
 */
export const PYRIGHT_RULES: Record<string, string> = {
  reportArgumentType: ARGUMENT,
  reportAssertTypeFailure: 'Make the value what assert_type says it is',
  reportAssignmentType: 'Assign only what the declared type of the variable allows',
  reportAttributeAccessIssue: 'Use only attributes that the type has',
  reportCallIssue: 'Call with the arguments that the function takes',
  reportGeneralTypeIssues: 'Make the types fit',
  reportIndexIssue: 'Index only what can be indexed',
  reportInvalidTypeForm: 'Use a type where a type is expected',
  reportInvalidTypeArguments: 'Give the type arguments that the type takes',
  reportNoOverloadImplementation: 'Add the implementation of the overloaded function',
  reportOperatorIssue: 'Combine only values whose types support the operator',
  reportOptionalCall: NONE,
  reportOptionalContextManager: NONE,
  reportOptionalIterable: NONE,
  reportOptionalMemberAccess: NONE,
  reportOptionalOperand: NONE,
  reportOptionalSubscript: NONE,
  reportReturnType: 'Return the type that the function declares',
  reportTypedDictNotRequiredAccess: 'Check that the key is there before reading it',
  reportUnboundVariable: 'Assign the variable before using it',
  reportUndefinedVariable: DEFINED,
  reportUnhashable: 'Use only hashable values as keys and members of sets',
  reportUnusedCoroutine: 'Await the coroutine: without it nothing runs',
};

/** A function of a missing package may end the process, which only its types would tell. */
const FOLLOWS_FROM_MISSING = /^Function with declared return type "NoReturn" cannot return/;

/** Without the packages, what a value is and whether it may be None is often only inferred. */
const GUESSED = /^reportOptional|^reportAttributeAccessIssue$/;

/** Where the code lies in the workspace, beside our own configuration. */
export const CODE_FOLDER = 'code';

const report = z.object({
  generalDiagnostics: z.array(
    z.object({
      file: z.string(),
      severity: z.string(),
      message: z.string(),
      rule: z.string().optional(),
      range: z.object({
        start: z.object({ line: z.number(), character: z.number() }),
        end: z.object({ line: z.number() }),
      }),
    }),
  ),
});

/**
 * What `pyright --outputjson` printed.
 *
 * @returns also the files that it could not parse: those diagnostics have no rule
 * @throws where it is no such report
 */
export function readPyrightReport(text: string): { findings: Finding[]; broken: string[] } {
  const { generalDiagnostics } = report.parse(JSON.parse(text));
  const findings: Finding[] = [];
  const broken = new Set<string>();
  for (const { file, severity, message, rule, range } of generalDiagnostics) {
    const path = file.slice(file.indexOf(`/${CODE_FOLDER}/`) + CODE_FOLDER.length + 2);
    if (severity !== 'error') {
      continue;
    }
    const advice = rule === undefined ? undefined : PYRIGHT_RULES[rule];
    if (rule === undefined) {
      broken.add(path);
    } else if (advice !== undefined && !FOLLOWS_FROM_MISSING.test(message)) {
      findings.push(
        typeFinding({
          rule_id: rule,
          engine: 'pyright',
          // Its later lines explain the first one.
          message: message.split('\n', 1)[0] ?? message,
          confidence: GUESSED.test(rule) ? 'medium' : 'high',
          file: path,
          line: range.start.line + 1,
          column: range.start.character + 1,
          end_line: range.end.line + 1,
          recommendation: advice,
        }),
      );
    }
  }
  // What follows from a syntax error is no type error.
  return {
    findings: findings.filter((finding) => !broken.has(finding.file)),
    broken: [...broken],
  };
}
