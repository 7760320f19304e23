#ifndef VAULT_INGRESS_COPENSSL_H
#define VAULT_INGRESS_COPENSSL_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Swift does not import OpenSSL's function-like macros: each needs a typed wrapper.

/// The bytes in a memory BIO, valid until the next write or BIO_free.
static inline size_t vi_bio_bytes(BIO *_Nonnull bio, const char *_Nullable *_Nonnull bytes) {
    char *data = NULL;
    long count = BIO_get_mem_data(bio, &data);
    *bytes = data;
    return count > 0 ? (size_t)count : 0;
}

/// Writes unencrypted PKCS#8.
static inline int vi_write_private_key(BIO *_Nonnull bio, const EVP_PKEY *_Nonnull key) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
}

/// The subjectAltName extension; NULL if it is missing or cannot be decoded.
static inline GENERAL_NAMES *_Nullable vi_subject_alt_names(const X509 *_Nonnull certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int vi_general_names_count(const GENERAL_NAMES *_Nonnull names) {
    return sk_GENERAL_NAME_num(names);
}

/// The bytes of the dNSName at an index; NULL for a name of another type.
static inline const unsigned char *_Nullable vi_dns_name(
    const GENERAL_NAMES *_Nonnull names, int index, int *_Nonnull length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name == NULL || name->type != GEN_DNS) {
        return NULL;
    }
    *length = ASN1_STRING_length(name->d.dNSName);
    return ASN1_STRING_get0_data(name->d.dNSName);
}

/// The subject in the notation of RFC 2253, which escapes control characters and bytes above 127.
static inline int vi_print_subject(BIO *_Nonnull bio, const X509 *_Nonnull certificate) {
    return X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
}

/// The issuer, likewise.
static inline int vi_print_issuer(BIO *_Nonnull bio, const X509 *_Nonnull certificate) {
    return X509_NAME_print_ex(bio, X509_get_issuer_name(certificate), 0, XN_FLAG_RFC2253);
}

#endif
