import Nginx
import Testing

@Suite("nginx messages")
struct NginxMessageTests {
    @Test(
        "a lack of memory, files or space does not depend on the configuration; quoted text does not count",
        arguments: [
            ("open() \"/run/t/nginx.conf\" failed (24: Too many open files)", true),
            ("mkdir() \"/run/t/body\" failed (28: No space left on device) in /run/t/nginx.conf:33", true),
            ("malloc(4096) failed (12: Cannot allocate memory)", true),
            ("cannot load certificate \"/run/a.crt\": BIO_new_file() failed (SSL: error:80000002)", false),
            ("open() \"/run/users\" failed (2: No such file or directory)", false),
            ("unknown directive \"(28: No space left on device)\" in /run/t/nginx.conf:12", false),
            ("could not build server_names_hash, you should increase server_names_hash_max_size: 65536", false),
        ])
    func machine(text: String, isAboutMachine: Bool) throws {
        #expect(try #require(NginxMessage("nginx: [emerg] \(text)")).isAboutMachine == isAboutMachine)
    }

    @Test(
        "the place is removed only from the end of a message",
        arguments: [
            ("[emerg] unknown directive \"x\" in /run/t/nginx.conf:12", "[emerg] unknown directive \"x\""),
            ("[emerg] invalid value \"y in /a:1\" in /run/t/nginx.conf:3", "[emerg] invalid value \"y in /a:1\""),
            ("[emerg] bind() to 0.0.0.0:80 failed (98: Address in use)", nil),
        ])
    func place(message: String, expected: String?) {
        #expect(NginxMessage.withoutPlace(message) == expected ?? message)
    }
}
