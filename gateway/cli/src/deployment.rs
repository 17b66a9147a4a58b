//! What stands in `docker-compose.yml` and in the `Dockerfile`, against the program.
