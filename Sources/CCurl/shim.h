#ifndef VAULT_INGRESS_CCURL_H
#define VAULT_INGRESS_CCURL_H
#include <curl/curl.h>
#endif
