public import HTTPClient
public import Nginx

/// Reads the number of the generation that nginx serves from its unix socket.
public enum GenerationProbe {
    public static func make(state: StateDirectory, http: HTTPClient) -> Reloader.Probe {
        { @Sendable in
            var request = HTTPRequest(url: "http://localhost/", unixSocket: "\(state.socket)")
            // A keepalive connection would stay open to a worker of the old generation.
            request.headers["Connection"] = "close"
            request.timeout = .seconds(1)
            guard let response = try? await http.send(request), response.status == 200 else { return nil }
            return Int(String(decoding: response.body, as: UTF8.self).split(separator: "\n").first ?? "")
        }
    }
}
