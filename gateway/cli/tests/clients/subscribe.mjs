// Subscribes with graphql-ws or graphql-sse and prints each result as one JSON line.
// usage: node subscribe.mjs ws|sse URL TOKEN QUERY [VARIABLES]
// prints {"ready": true} once the connection stands
import { createClient as createSse } from "graphql-sse";
import { createClient as createWs } from "graphql-ws";
import WebSocket from "ws";

const [transport, url, token, query, variables = "{}"] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const ready = () => console.log(JSON.stringify({ ready: true }));
const client =
  transport === "ws"
    ? createWs({
        url: url.replace(/^http/, "ws"),
        webSocketImpl: WebSocket,
        lazy: true,
        connectionParams: { authorization },
        on: { connected: ready },
        retryAttempts: 0,
      })
    : createSse({ url, headers: { authorization }, retryAttempts: 0, on: { connected: ready } });
client.subscribe(
  { query, variables: JSON.parse(variables) },
  {
    next: (result) => console.log(JSON.stringify(result)),
    error: (error) => {
      console.error(error);
      process.exit(1);
    },
    complete: () => process.exit(0),
  },
);
