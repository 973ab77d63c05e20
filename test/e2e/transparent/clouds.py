# A program that knows nothing of leakbed: boto3 with a region and google-cloud-aiplatform with a
# project, so that host names, credentials and trust come from where they come from in the cloud.
import json

import boto3
import google.auth
from google.cloud import aiplatform_v1

said = {}

runtime = boto3.client("bedrock-runtime", region_name="us-west-2")
answer = runtime.converse_stream(
    modelId="anthropic.claude-3-haiku-20240307-v1:0",
    messages=[{"role": "user", "content": [{"text": "Say something."}]}],
)
deltas = [event["contentBlockDelta"] for event in answer["stream"] if "contentBlockDelta" in event]
said["bedrock"] = sum(len(delta["delta"]["text"]) for delta in deltas)
models = boto3.client("bedrock", region_name="us-west-2").list_foundation_models()
said["models"] = len(models["modelSummaries"]) > 0
said["sts"] = boto3.client("sts", region_name="us-west-2").get_caller_identity()["Account"]

credentials, project = google.auth.default()
for transport in ("grpc", "rest"):
    vertex = aiplatform_v1.PredictionServiceClient(
        transport=transport,
        client_options={"api_endpoint": "europe-west4-aiplatform.googleapis.com"},
    )
    stream = vertex.stream_generate_content(
        model=f"projects/{project}/locations/europe-west4/publishers/google/models/gemini-2.5-flash",
        contents=[{"role": "user", "parts": [{"text": "Say something."}]}],
    )
    candidates = [candidate for answer in stream for candidate in answer.candidates]
    said[transport] = sum(len(part.text) for found in candidates for part in found.content.parts)
print(json.dumps(said))
