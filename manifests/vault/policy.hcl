# What the controller may do in Vault: read certificates and lists of users, and nothing else. `secret/` is a KV 2 engine;
# in KV 1 the paths would be secret/ssl/* and secret/basic-auth/*.
path "secret/data/ssl/*" {
  capabilities = ["read"]
}

path "secret/data/basic-auth/*" {
  capabilities = ["read"]
}

# May be left out: with them a refresh asks for versions and reads only what changed.
path "secret/metadata/ssl/*" {
  capabilities = ["read"]
}

path "secret/metadata/basic-auth/*" {
  capabilities = ["read"]
}
