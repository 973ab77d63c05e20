"""Asks the mocks once through each Python client of Vertex AI, with whatever credentials google-auth
finds by default, and prints what came (characters of text) or why not, as JSON.
Arguments: the mocks' TLS address, and an API key to be used in place of the chain."""

import json
import sys
from urllib.parse import urlsplit

from google import genai
from google.api_core.client_options import ClientOptions
from google.cloud.aiplatform_v1 import PredictionServiceClient

tls_url = sys.argv[1]
api_key = sys.argv[2] if len(sys.argv) > 2 else None
address = urlsplit(tls_url).netloc
plain_url = "http://" + address
model = "gemini-2.5-flash"
name = "projects/leakbed/locations/us-central1/publishers/google/models/" + model
prompt = "hi [[leakbed chunks=2 bytes=10]]"


def ask_genai():
    who = {"api_key": api_key} if api_key else {"project": "leakbed", "location": "us-central1"}
    client = genai.Client(vertexai=True, http_options={"base_url": plain_url}, **who)
    return len(client.models.generate_content(model=model, contents=prompt).text)


def ask_aiplatform(transport, endpoint):
    options = ClientOptions(api_endpoint=endpoint, api_key=api_key)
    client = PredictionServiceClient(transport=transport, client_options=options)
    contents = [{"role": "user", "parts": [{"text": prompt}]}]
    response = client.generate_content(request={"model": name, "contents": contents}, timeout=20)
    return len(response.candidates[0].content.parts[0].text)


clients = {
    "genai": ask_genai,
    "aiplatform gRPC": lambda: ask_aiplatform("grpc", address),
    "aiplatform REST": lambda: ask_aiplatform("rest", plain_url),
}


def outcome(ask):
    try:
        return ask()
    except Exception as error:  # Whatever it is, it is the outcome.
        return f"{type(error).__name__} {error}"


print(json.dumps({name: outcome(ask) for name, ask in clients.items()}))
