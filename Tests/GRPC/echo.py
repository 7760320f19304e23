"""A gRPC server and a gRPC client, by the library that most applications use. Messages are texts without protobuf.

    echo.py serve PORT TLS_PORT CERTIFICATE KEY     until it is ended
    echo.py call ADDRESS HOST CA CALL…              the calls on one connection; one line of JSON for each

Calls: unary, count, chat, sum, large, error, unknown, slow, header-BYTES.
"""

import json
import queue
import sys
import time
from concurrent import futures

import grpc


def unary(request, context):
    if request == b"error":
        context.set_trailing_metadata([("x-trailer", "kept")])
        context.abort(grpc.StatusCode.NOT_FOUND, "no such thing")
    if request == b"slow":
        time.sleep(3)
    if request.startswith(b"header-"):
        context.send_initial_metadata([("x-large", "a" * int(request[7:]))])
        return request
    seen = dict(context.invocation_metadata())
    context.send_initial_metadata([("x-initial", "kept")])
    context.set_trailing_metadata(
        [("x-trailer", "kept")] + [(f"seen-{name}", seen[name]) for name in seen if name.startswith("x-")]
    )
    return request


def count(request, context):
    context.set_trailing_metadata([("x-trailer", "kept")])
    for number in range(int(request)):
        yield str(number).encode()


def chat(requests, context):
    context.set_trailing_metadata([("x-trailer", "kept")])
    yield from requests


def total(requests, context):
    context.set_trailing_metadata([("x-trailer", "kept")])
    return str(sum(len(request) for request in requests)).encode()


def serve(port, tls_port, certificate, key):
    server = grpc.server(futures.ThreadPoolExecutor(8), options=[("grpc.so_reuseport", 0)])
    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Count": grpc.unary_stream_rpc_method_handler(count),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
        "Sum": grpc.stream_unary_rpc_method_handler(total),
    }
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("test.Echo", handlers)])
    with open(certificate, "rb") as chain, open(key, "rb") as secret:
        credentials = grpc.ssl_server_credentials([(secret.read(), chain.read())])
    server.add_insecure_port(f"0.0.0.0:{port}")
    server.add_secure_port(f"0.0.0.0:{tls_port}", credentials)
    server.start()
    print("serving", flush=True)
    server.wait_for_termination()


def in_turns(texts, replies):
    """Each message only after the answer to the one before: who keeps messages back stops here."""
    for number, text in enumerate(texts):
        if number > 0:
            replies.get(timeout=20)
        yield text


def perform(channel, name):
    if name == "count":
        call = channel.unary_stream("/test.Echo/Count")(b"5", timeout=20)
        return call, [message.decode() for message in call]
    if name == "chat":
        replies = queue.Queue()
        call = channel.stream_stream("/test.Echo/Chat")(in_turns([b"one", b"two", b"three"], replies), timeout=20)
        messages = []
        for message in call:
            messages.append(message.decode())
            replies.put(message)
        return call, messages
    if name == "sum":
        parts = iter([b"x" * 100_000] * 10)
        message, call = channel.stream_unary("/test.Echo/Sum").with_call(parts, timeout=20)
        return call, [message.decode()]
    method = "/test.Echo/Nothing" if name == "unknown" else "/test.Echo/Unary"
    request = b"y" * (1 << 20) if name == "large" else name.encode()
    message, call = channel.unary_unary(method).with_call(request, timeout=20)
    return call, [str(len(message)) if name == "large" else message.decode()]


def call(address, host, ca, names):
    with open(ca, "rb") as file:
        credentials = grpc.ssl_channel_credentials(file.read())
    options = [
        ("grpc.ssl_target_name_override", host),
        ("grpc.default_authority", host),
        ("grpc.enable_http_proxy", 0),
        ("grpc.enable_retries", 0),
        ("grpc.max_metadata_size", 1 << 20),
    ]
    with grpc.secure_channel(address, credentials, options) as channel:
        for name in names:
            try:
                outcome, messages = perform(channel, name)
            except grpc.RpcError as error:
                outcome, messages = error, []
            result = {
                "call": name,
                "code": outcome.code().name,
                "details": outcome.details(),
                "messages": messages,
                "initial": dict(outcome.initial_metadata() or []),
                "trailing": dict(outcome.trailing_metadata() or []),
            }
            print(json.dumps(result, default=str), flush=True)


if sys.argv[1] == "serve":
    serve(*sys.argv[2:6])
else:
    call(*sys.argv[2:5], sys.argv[5:])
