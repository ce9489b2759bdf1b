import type { CompleteAnswer } from './scripted-model.js';

type Call = [name: string, args: object | string];

/** For `submit_plan`: a count of words, on the smallest scaffold there is. */
export const PLAN = {
  language: 'python',
  framework: 'fastapi',
  database: 'none',
  features: [] as string[],
  resources: [],
  include_tests: true,
  tasks: ['Add GET /words/count, which counts the words of a text, with a test.'],
  notes: [],
};

/** Parameters of a build that is verified quickly. */
export const SMALL = { database: 'none' };

const WORDS = `"""Counts words."""

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/words", tags=["words"])


class WordCount(BaseModel):
    """How many words a text has."""

    words: int


@router.get("/count")
def count_words(text: str) -> WordCount:
    """Counts what white space separates."""
    return WordCount(words=len(text.split()))
`;

/** Its layout is not what the formatter wants. */
export const WORDS_TEST = `from fastapi.testclient import TestClient
def test_counts_words(client: TestClient) -> None:
  response = client.get("/words/count", params={"text": "one two three"})
  assert response.json()["words"] == 3
`;

/** Calls that write the count of words into a scaffold. */
export const THE_FEATURE: Call[] = [
  ['write_file', { path: 'app/words.py', content: WORDS }],
  [
    'edit_file',
    {
      path: 'app/main.py',
      old_text: 'from app import SERVICE_NAME\n',
      new_text: 'from app import SERVICE_NAME\nfrom app.words import router as words_router\n',
    },
  ],
  [
    'edit_file',
    {
      path: 'app/main.py',
      old_text: '    return app\n',
      new_text: '    app.include_router(words_router)\n    return app\n',
    },
  ],
  ['write_file', { path: 'tests/test_words.py', content: WORDS_TEST }],
];

export function callsTools(...calls: Call[]): CompleteAnswer {
  return { calls };
}
