"""Holds the deployment to the contract.

The template goes through the same translation as in CloudFormation, and what comes out is compared with openapi.yaml:
every operation must have its function, a route that leads to it, the permission for the API to call it, and a role that
may do what the operation needs and no more. What is missing is named. Then the same on copies with something taken out,
to show that it would be noticed.
"""

import copy
import fnmatch
import json
import logging
import os
import re
import unittest
from pathlib import Path

import yaml
from samtranslator.internal.managed_policies import get_bundled_managed_policy_map
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

HERE = Path(__file__).resolve().parent
SCHEDULED = "expire-leases"
# Another function over the code of list-events.
STREAMING = "stream-events"
POLICIES = {"none": [], "read": ["MayRead", "MayNote"], "write": ["MayRead", "MayCommit"]}
# What every role has from the translation: writing logs and traces.
OF_EVERY_ROLE = ("AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess")

# The translation warns that it does not send figures about its use.
logging.getLogger("samtranslator").setLevel(logging.ERROR)


def operations() -> list[dict]:
    contract = yaml.safe_load((HERE.parent / "protocol/openapi.yaml").read_text())
    found = []
    for path, item in contract["paths"].items():
        for method, spec in item.items():
            name = spec["operationId"]
            kebab = re.sub("[A-Z]", lambda capital: "-" + capital[0].lower(), name)
            access = spec.get("x-owp-access", "write")
            found.append({"id": name, "name": kebab, "method": method, "path": path, "access": access})
    return found


def template() -> dict:
    return yaml_parse((HERE / "template.yaml").read_text())


def translated(source: dict) -> dict:
    """What CloudFormation makes of the template. No account is asked."""

    class Policies:
        def load(self) -> dict:
            return get_bundled_managed_policy_map("aws")

    source = copy.deepcopy(source)
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://as-uploaded/by-package"
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    return transform(source, {}, Policies())["Resources"]


def functions(resources: dict) -> dict[str, str]:
    """Names of the functions, without the stack's, with those of their resources."""
    of_type = {key: it["Properties"] for key, it in resources.items() if it["Type"] == "AWS::Lambda::Function"}
    return {it["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): key for key, it in of_type.items()}


def role_of(resources: dict, function: str) -> dict:
    return resources[resources[function]["Properties"]["Role"]["Fn::GetAtt"][0]]["Properties"]


def missing(resources: dict) -> list[str]:
    """What an operation of the contract lacks in the deployment, and what is there without an operation."""
    known, wrong = functions(resources), []
    for operation in operations():
        name = operation["name"]
        function = known.pop(name, None)
        if function is None:
            wrong.append(f"{name} has no function")
        wrong += route_faults(resources, operation, function)
        if function is not None:
            wrong += role_faults(resources, name, function, POLICIES[operation["access"]])
    wrong += schedule_faults(resources, known.pop(SCHEDULED, None))
    wrong += stream_faults(resources, known.pop(STREAMING, None))
    return wrong + [f"{name} is a function of no operation" for name in known]


def route_faults(resources: dict, operation: dict, function: str | None) -> list[str]:
    name, method, path = operation["name"], operation["method"], operation["path"]
    api = resources["Api"]["Properties"]["Body"]["paths"]
    route = api.get(path, {}).get(method)
    if route is None:
        return [f"{name} has no route {method.upper()} {path}"]
    leads_to = route["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    wrong = [] if f"${{{function}.Arn}}" in leads_to else [f"{name}: its route leads to {leads_to}"]
    path_in_arn = re.sub(r"\{[^}]+\}", "*", path)
    granted = [
        permission["Properties"]["SourceArn"]["Fn::Sub"][0]
        for permission in resources.values()
        if permission["Type"] == "AWS::Lambda::Permission"
        and permission["Properties"]["FunctionName"] == {"Ref": function}
    ]
    if not any(arn.endswith(f"/{method.upper()}{path_in_arn}") for arn in granted):
        wrong.append(f"{name} has no permission for its route to call it")
    return wrong


def role_faults(resources: dict, name: str, function: str, expected: list[str]) -> list[str]:
    role = role_of(resources, function)
    attached = [policy for policy in role["ManagedPolicyArns"] if not str(policy).endswith(OF_EVERY_ROLE)]
    if attached != [{"Ref": policy} for policy in expected] or "Policies" in role:
        return [f"{name}: its role must have {expected} and has {attached} and {role.get('Policies', [])}"]
    return []


def schedule_faults(resources: dict, function: str | None) -> list[str]:
    if function is None:
        return [f"{SCHEDULED} has no function"]
    target = {"Fn::GetAtt": [function, "Arn"]}
    schedules = [it["Properties"] for it in resources.values() if it["Type"] == "AWS::Scheduler::Schedule"]
    wrong = role_faults(resources, SCHEDULED, function, POLICIES["write"])
    if not any(it["Target"]["Arn"] == target and "RetryPolicy" in it["Target"] for it in schedules):
        wrong.append(f"{SCHEDULED} has no schedule with a retry policy")
    return wrong


def stream_faults(resources: dict, function: str | None) -> list[str]:
    if function is None:
        return [f"{STREAMING} has no function"]
    urls = [it["Properties"] for it in resources.values() if it["Type"] == "AWS::Lambda::Url"]
    wrong = role_faults(resources, STREAMING, function, POLICIES["write"])
    if not any(it["TargetFunctionArn"] == {"Ref": function} and it["InvokeMode"] == "RESPONSE_STREAM" for it in urls):
        wrong.append(f"{STREAMING} has no address that streams")
    return wrong


class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = template()
        cls.resources = translated(cls.template)

    def test_every_operation_has_its_function_route_permission_and_role(self):
        self.assertEqual(missing(self.resources), [])

    def test_every_function_is_small_quick_to_give_up_traced_and_logged(self):
        for name, key in functions(self.resources).items():
            function = self.resources[key]["Properties"]
            self.assertEqual(function["Architectures"], [{"Ref": "Architecture"}], name)
            self.assertEqual(function["TracingConfig"], {"Mode": {"Ref": "Tracing"}}, name)
            self.assertEqual(function["LoggingConfig"]["LogGroup"], {"Ref": "FunctionLogs"}, name)
            longest = 900 if name == STREAMING else 60
            self.assertLessEqual((function["MemorySize"], function["Timeout"]), (256, longest), name)
        self.assertIn("RetentionInDays", self.resources["FunctionLogs"]["Properties"])

    def test_code_is_where_the_build_puts_it(self):
        for key, resource in self.template["Resources"].items():
            if resource["Type"] == "AWS::Serverless::Function":
                name = resource["Properties"]["FunctionName"]["Fn::Sub"].removeprefix("${AWS::StackName}-")
                name = "list-events" if name == STREAMING else name
                self.assertEqual(resource["Properties"]["CodeUri"], f"../target/lambda/{name}", key)
                self.assertTrue((HERE.parent / f"functions/src/bin/{name}.rs").exists(), name)

    def test_the_table_outlives_mistakes(self):
        table = self.resources["Table"]
        kept = (table["DeletionPolicy"], table["UpdateReplacePolicy"], table["Properties"]["DeletionProtectionEnabled"])
        self.assertEqual(kept, ("Retain", "Retain", True))
        self.assertEqual(table["Properties"]["BillingMode"], "PAY_PER_REQUEST")
        self.assertTrue(table["Properties"]["SSESpecification"]["SSEEnabled"])
        self.assertTrue(table["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"])

    def test_policies_name_no_action_on_everything(self):
        for name in ("MayRead", "MayNote", "MayCommit"):
            for statement in self.resources[name]["Properties"]["PolicyDocument"]["Statement"]:
                self.assertFalse([action for action in statement["Action"] if "*" in action], name)
                self.assertIn("Table", json.dumps(statement["Resource"]), name)
                self.assertNotIn("Scan", json.dumps(statement["Action"]), name)

    def test_one_address_serves_every_path_of_the_contract(self):
        distribution = self.resources["Distribution"]["Properties"]["DistributionConfig"]
        for operation in operations():
            name, path, method = operation["name"], operation["path"], operation["method"].upper()
            through = [it for it in distribution["CacheBehaviors"] if fnmatch.fnmatch(path, it["PathPattern"])]
            allowed = through[0].get("AllowedMethods", ["GET", "HEAD"]) if through else []
            self.assertIn(method, allowed, f"{name} is not reached through CloudFront")

    def test_limits_of_single_routes_are_for_routes_that_exist(self):
        known = {f"{operation['method'].upper()} {operation['path']}" for operation in operations()}
        stage = self.resources["ApiApiGatewayDefaultStage"]["Properties"]
        self.assertLessEqual(set(stage["RouteSettings"]), known)
        self.assertIn("ThrottlingRateLimit", stage["DefaultRouteSettings"])

    def test_alarms_reach_somebody(self):
        alarms = {key: it for key, it in self.resources.items() if it["Type"] == "AWS::CloudWatch::Alarm"}
        expected = {"CallsFail", "CallsAreSlow", "FunctionsAreThrottled", "TableIsThrottled", "LeasesAreOverdue"}
        self.assertEqual(set(alarms), expected)
        for name, alarm in alarms.items():
            self.assertEqual(alarm["Properties"]["AlarmActions"], [{"Ref": "Alarms"}], name)


class WhatIsTakenOutIsNamed(unittest.TestCase):
    def without(self, change) -> list[str]:
        """What is missing in a copy of the template that was changed."""
        source = template()
        change(source["Resources"])
        return missing(translated(source))

    def test_a_function(self):
        told = self.without(lambda resources: resources.pop("FetchWork"))
        self.assertEqual(told, ["fetch-work has no function", "fetch-work has no route GET /v1/work"])

    def test_a_route(self):
        told = self.without(lambda resources: resources["RenewLease"]["Properties"].pop("Events"))
        self.assertEqual(told, ["renew-lease has no route POST /v1/leases/{lease_id}/renew"])

    def test_a_permission(self):
        resources = translated(template())
        del resources["PutRepoRoutePermission"]
        self.assertEqual(missing(resources), ["put-repo has no permission for its route to call it"])

    def test_a_policy(self):
        told = self.without(lambda resources: resources["CreateTask"]["Properties"]["Policies"].pop())
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith("create-task: its role must have ['MayRead', 'MayCommit']"), told)

    def test_a_policy_too_many(self):
        def widen(resources):
            resources["ListTasks"]["Properties"]["Policies"].append({"Ref": "MayCommit"})

        told = self.without(widen)
        self.assertEqual(len(told), 1)
        self.assertTrue(told[0].startswith("list-tasks: its role must have ['MayRead', 'MayNote']"), told)

    def test_the_address_that_streams(self):
        told = self.without(lambda resources: resources["StreamEvents"]["Properties"].pop("FunctionUrlConfig"))
        self.assertEqual(told, ["stream-events has no address that streams"])

    def test_the_schedule(self):
        told = self.without(lambda resources: resources["ExpireLeases"]["Properties"].pop("Events"))
        self.assertEqual(told, ["expire-leases has no schedule with a retry policy"])

    def test_what_no_operation_asks_for(self):
        def add(resources):
            resources["FooBar"] = copy.deepcopy(resources["FetchWork"])
            resources["FooBar"]["Properties"]["FunctionName"] = {"Fn::Sub": "${AWS::StackName}-foo-bar"}
            resources["FooBar"]["Properties"]["Events"]["Route"]["Properties"]["Path"] = "/v1/foo"

        self.assertEqual(self.without(add), ["foo-bar is a function of no operation"])


if __name__ == "__main__":
    unittest.main()
