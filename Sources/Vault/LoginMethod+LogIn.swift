internal import Basics
import Foundation
import HTTPClient

/// A token and how long it lasts.
struct Login: Sendable {
    var token: Secret
    /// Zero: it does not expire, or nobody can tell.
    var duration: Duration
    var isRenewable: Bool
    /// Why nothing is known of the lifetime.
    var remark: String?
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

    /// What the token says of itself. A token without the default policy may not ask: it is used all the same, and a
    /// token that is not valid shows at the first read.
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
            return Login(
                token: token, duration: .zero, isRenewable: false,
                remark: "the token may not look itself up, or is not valid; it will not be renewed")
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
            throw .malformedResponse(path: path, detail: "there is no token in it (\"auth\" is empty)")
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
    /// The JSON of a success; the error of any other status. The decoder's own words are not passed on: they could
    /// quote the body.
    func decode<Answer: Decodable>(_ type: Answer.Type, path: String) throws(VaultError) -> Answer {
        guard (200..<300).contains(status) else { throw VaultError(self, path: path) }
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.keyNotFound(let key, _) {
            throw .malformedResponse(path: path, detail: "the field '\(key.stringValue)' is missing")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let field = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw .malformedResponse(path: path, detail: "the field '\(field)' is not of its type")
        } catch {
            throw .malformedResponse(path: path, detail: "\(body.count) bytes that are not JSON")
        }
    }
}
