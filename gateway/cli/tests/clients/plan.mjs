// Plans every root field of each supergraph with another planner. Reads one {name, supergraph} a
// line; prints one {name, plans} or {name, error} a line.
import { createInterface } from "node:readline";
import { Supergraph, operationFromDocument } from "@apollo/federation-internals";
import { QueryPlanner } from "@apollo/query-planner";
import { getNamedType, isAbstractType, isLeafType, isRequiredArgument, parse } from "graphql";

// Deep enough to cross several subgraphs.
const DEPTH_MAX = 3;

for await (const line of createInterface({ input: process.stdin })) {
  const { name, supergraph } = JSON.parse(line);
  let answer;
  try {
    answer = { name, plans: plan(supergraph) };
  } catch (error) {
    answer = { name, error: String(error) };
  }
  console.log(JSON.stringify(answer));
}

function plan(text) {
  const supergraph = Supergraph.buildForTests(text, true);
  const planner = new QueryPlanner(supergraph);
  const api = supergraph.apiSchema();
  const schema = api.toGraphQLJSSchema();
  let plans = 0;
  for (const kind of ["query", "mutation"]) {
    const root = kind === "query" ? schema.getQueryType() : schema.getMutationType();
    for (const field of Object.values(root?.getFields() ?? {})) {
      const variables = [];
      const selection = select(schema, field, variables, DEPTH_MAX);
      if (!selection) continue;
      const declared = variables.length ? `(${variables.join(", ")})` : "";
      const operation = `${kind} One${declared} { ${selection} }`;
      try {
        planner.buildQueryPlan(operationFromDocument(api, parse(operation)));
      } catch (error) {
        throw new Error(`${operation}: ${error}`);
      }
      plans += 1;
    }
  }
  return plans;
}

/** The field with all that can be selected below, or nothing if there is nothing to select. */
function select(schema, field, variables, depth) {
  const required = field.args.filter(isRequiredArgument).map((one) => {
    const variable = `$v${variables.length}`;
    variables.push(`${variable}: ${one.type}`);
    return `${one.name}: ${variable}`;
  });
  const given = required.length ? `(${required.join(", ")})` : "";
  const type = getNamedType(field.type);
  if (isLeafType(type)) return field.name + given;
  if (depth === 0) return undefined;
  const below = (object) =>
    Object.values(object.getFields()).map((one) => select(schema, one, variables, depth - 1));
  const parts = isAbstractType(type)
    ? schema.getPossibleTypes(type).map((one) => `... on ${one} { __typename ${below(one).filter(Boolean).join(" ")} }`)
    : below(type);
  return `${field.name}${given} { __typename ${parts.filter(Boolean).join(" ")} }`;
}
