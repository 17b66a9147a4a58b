// Runs graphql-http's audits of GraphQL over HTTP and prints each outcome as one JSON line.
// usage: node audit.mjs URL
import { auditServer } from "graphql-http";

const [url] = process.argv.slice(2);
for (const { id, name, status, reason = null } of await auditServer({ url })) {
  console.log(JSON.stringify({ id, name, status, reason }));
}
