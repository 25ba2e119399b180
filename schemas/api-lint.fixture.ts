/**
 * An OpenAPI or AsyncAPI document as others' linter finds it: the rules it recommends, warnings counted as errors.
 */
import { createConfig, lintFromString } from "@redocly/openapi-core";

/** What it finds, each as the rule, where, and the sense. @param file where the document is, or would be: others are looked for beside it. */
export async function lintProblems(document: unknown, file: string): Promise<readonly string[]> {
  const problems = await lintFromString({
    ...{ source: JSON.stringify(document), absoluteRef: file },
    config: await createConfig({ extends: ["recommended-strict"] }),
  });
  return problems.map(
    ({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer ?? ""}: ${message.slice(0, 200)}`,
  );
}
