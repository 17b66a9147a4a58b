//! The gateway's server: HTTP, SSE, WebSocket, configuration, access, limits, transports
