internal import Basics
import Foundation
import HTTPClient

/// The result of a login: a token and its lifetime.
struct Login: Sendable {
    var token: Secret
    /// Zero if the token does not expire, or if its lifetime is unknown.
    var duration: Duration
    var isRenewable: Bool
    /// False if the token may not read its own lifetime.
    var isLifetimeKnown = true
}

extension LoginMethod {
    func logIn(_ connection: VaultConnection) async throws(VaultError) -> Login {
        do throws(VaultError) {
            switch self {
            case .token(let token):
                return try await Self.lookUp(token, connection)
            case .tokenFile(let file):
                return try await Self.lookUp(try LocalFile.secret(file), connection)
            case .provided(_, let read):
                return try await Self.lookUp(try await read(), connection)
            case .kubernetes(let mount, let role, let jwtFile):
                let jwt = try LocalFile.secret(jwtFile)
                return try await Self.exchange("auth/\(mount)/login", ["role": role, "jwt": jwt.text], connection)
            case .appRole(let mount, let roleID, let secretIDFile):
                var fields = ["role_id": roleID]
                if let secretIDFile { fields["secret_id"] = try LocalFile.secret(secretIDFile).text }
                return try await Self.exchange("auth/\(mount)/login", fields, connection)
            }
        } catch {
            if case .cancelled = error { throw error }
            throw .loginFailed(method: name, cause: error)
        }
    }

    private static func exchange(
        _ path: String, _ fields: [String: String], _ connection: VaultConnection
    ) async throws(VaultError) -> Login {
        let request = try VaultRequest.post(path, fields)
        let response = try await connection.send(request, token: nil)
        return try AuthAnswer.login(response, path: path)
    }

    /// Reads the lifetime of a token. A token without the default policy may not do that; it is used anyway, and if it
    /// is invalid, the first read fails.
    private static func lookUp(_ token: Secret, _ connection: VaultConnection) async throws(VaultError) -> Login {
        struct Answer: Decodable {
            struct Fields: Decodable {
                var ttl: Int64
                var renewable: Bool?
            }
            var data: Fields
        }
        let request = try VaultRequest.get("auth/token/lookup-self")
        let response = try await connection.send(request, token: token)
        if response.status == 403 {
            return Login(token: token, duration: .zero, isRenewable: false, isLifetimeKnown: false)
        }
        let answer = try response.decode(Answer.self, path: request.path)
        return Login(token: token, duration: .seconds(answer.data.ttl), isRenewable: answer.data.renewable ?? false)
    }
}

/// The `auth` block of a login and of a renewal.
struct AuthAnswer: Decodable {
    struct Auth: Decodable {
        var token: Secret
        var seconds: Int64
        var renewable: Bool?

        enum CodingKeys: String, CodingKey {
            case renewable
            case token = "client_token"
            case seconds = "lease_duration"
        }
    }
    var auth: Auth?

    static func login(_ response: HTTPResponse, path: String) throws(VaultError) -> Login {
        let answer = try response.decode(AuthAnswer.self, path: path)
        guard let auth = answer.auth, !auth.token.isEmpty else {
            throw .malformedResponse(path: path, detail: "it has no token (\"auth\" is empty)")
        }
        guard VaultVariables.isHeaderValue(auth.token.text) else {
            throw .malformedResponse(path: path, detail: "the token is not printable ASCII")
        }
        return Login(
            token: auth.token, duration: .seconds(max(0, auth.seconds)),
            isRenewable: auth.renewable ?? false)
    }
}

extension HTTPResponse {
    /// Decodes the JSON of a successful response. Throws for other statuses. The errors do not contain the decoder's
    /// message, which could quote the body.
    func decode<Answer: Decodable>(_ type: Answer.Type, path: String) throws(VaultError) -> Answer {
        guard (200..<300).contains(status) else { throw VaultError(self, path: path) }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .malformedResponse(path: path, detail: "the field '\(key.stringValue)' is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .malformedResponse(path: path, detail: "the field '\(field)' has the wrong type")
        } catch {
            throw .malformedResponse(path: path, detail: "expected JSON, found \(body.count) other bytes")
        }
    }
}
