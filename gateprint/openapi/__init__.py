"""AN API IN OTHERS' WORDS: blueprints as OpenAPI documents, and such documents as blueprints."""
