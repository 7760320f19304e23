# The controller's policy in Vault: it may read certificates and htpasswd files, and nothing else. `secret/` is a KV 2 engine;
# with KV 1 the paths are secret/ssl/* and secret/basic-auth/*.
path "secret/data/ssl/*" {
  capabilities = ["read"]
}

path "secret/data/basic-auth/*" {
  capabilities = ["read"]
}

# Optional: with these, a refresh requests versions and reads only secrets that changed.
path "secret/metadata/ssl/*" {
  capabilities = ["read"]
}

path "secret/metadata/basic-auth/*" {
  capabilities = ["read"]
}
