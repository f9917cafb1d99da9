"""How people prove who they are: argon2id hashes of passwords."""
