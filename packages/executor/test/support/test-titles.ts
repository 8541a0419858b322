import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/**
 * The titles of the tests in a source file, as they are written: `$name` and `%s`
 * stay. A title that is only `$name` stands for the names in the rows of its table.
 */
export async function testTitles(url: URL): Promise<ReadonlySet<string>> {
  const text = await readFile(url, 'utf8');
  const source = ts.createSourceFile(
    url.pathname,
    text,
    ts.ScriptTarget.ESNext,
  );
  const titles = new Set<string>();
  const rows: string[] = [];

  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      // A table is the argument of test.each, which looks the same.
      if (title !== undefined && isText(title)) titles.add(literal(title));
    }
    if (
      ts.isPropertyAssignment(node) &&
      ts.isIdentifier(node.name) &&
      node.name.text === 'name' &&
      ts.isStringLiteralLike(node.initializer)
    ) {
      rows.push(node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };

  /** `test`, `test.each(table)`, `test.skipIf(condition)`. */
  const isTest = (node: ts.Expression): boolean =>
    ts.isIdentifier(node)
      ? node.text === 'test'
      : (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) &&
        isTest(node.expression);

  const isText = (node: ts.Node): boolean =>
    ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);

  /** What stands between the quotes. */
  const literal = (node: ts.Node): string => node.getText(source).slice(1, -1);

  visit(source);
  return titles.has('$name') ? new Set([...titles, ...rows]) : titles;
}
