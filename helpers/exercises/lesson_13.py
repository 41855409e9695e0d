"""What lesson 13 asks: a probe for readiness, a rollout taken back, a stack said in YAML."""

from __future__ import annotations

from helpers.exercises.lesson_13_files import FOLDERS as FOLDERS
from helpers.exercises.lesson_13_files import OPENS_SECONDS
from helpers.exercises.lesson_13_questions import PREDICTIONS as PREDICTIONS
from helpers.exercises.lesson_13_questions import QUIZ as QUIZ
from helpers.exercises.lesson_13_ready import BOOTH, check_ready
from helpers.exercises.lesson_13_undo import BAD, NEWS, OLD, check_undo
from helpers.exercises.lesson_13_yaml import CPU, DELI, MEMORY, PASSWORD, check_yaml
from helpers.model.course.exercise import Exercise

_DELI_YAML = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: deli}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: deli}}
  template:
    metadata:
      labels: {{app: deli}}
    spec:
      containers:
        - name: deli
          image: shop:1
          envFrom:
            - configMapRef: {{name: deli}}
          resources:
            requests: {{cpu: {CPU}, memory: {MEMORY}}}
          volumeMounts:
            - {{name: secrets, mountPath: /etc/deli}}
      volumes:
        - name: secrets
          secret: {{secretName: deli}}
---
apiVersion: v1
kind: Service
metadata: {{name: deli}}
spec:
  selector: {{app: deli}}
  ports:
    - {{port: 80, targetPort: 8000}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: deli}}
data:
  NAME: Deli
---
apiVersion: v1
kind: Secret
metadata: {{name: deli}}
stringData:
  password: {PASSWORD}"""

EXERCISES = (
    Exercise(
        number="13.1",
        title="Not before it is ready",
        goal=(
            f"The app in the folder `{BOOTH}` takes {OPENS_SECONDS} seconds until it listens, and "
            "its users get errors after each start. Change what `booth.yaml` says and apply it, so "
            "that the Service sends nobody to a pod before it can answer, and nothing is "
            "restarted for it."
        ),
        starter=(
            f"# %%writefile {BOOTH}/booth.yaml\n# ...\n# %kubectl apply -f {BOOTH}/booth.yaml"
        ),
        solution=(
            "from pathlib import Path\n\n"
            "from helpers import workfolder\n\n"
            f'workfolder("{BOOTH}")\n'
            f'file = Path("{BOOTH}/booth.yaml")\n'
            'PROBE = "readinessProbe: {httpGet: {path: /readyz, port: 8000}, periodSeconds: 1}"\n'
            'text = file.read_text().replace("command:", f"{PROBE}\\n          command:")\n'
            "file.write_text(text)\n"
            f"%kubectl apply -f {BOOTH}/booth.yaml"
        ),
        check=check_ready,
        hints=(
            "As with `web` above: somebody must ask the app whether it is ready, again and again, "
            "and what asks has a name. There is another one that restarts.",
            "`readinessProbe` beside `image`, with `httpGet` for `/readyz` at port 8000; then "
            "`apply`.",
        ),
        seconds=30,
    ),
    Exercise(
        number="13.2",
        title="Take it back",
        goal=(
            f"Deploy `{NEWS}` from its folder: three pods of {OLD}. Then order the image {BAD}, "
            "which nobody has, and see how the rollout gets stuck. Take it back: the old image, "
            "in a revision that is newer than the bad one, and nobody who uses it notices."
        ),
        starter=(
            f"# %kubectl apply -f {NEWS}/news.yaml\n"
            f"# %kubectl set image deployment/{NEWS} {NEWS}={BAD}\n"
            f"# %kubectl get pods -l app={NEWS}\n"
            f"# %kubectl rollout ... deployment/{NEWS}"
        ),
        solution=(
            "from helpers import workfolder\n\n"
            f'workfolder("{NEWS}")\n'
            f"%kubectl apply -f {NEWS}/news.yaml\n"
            f"%kubectl rollout status deployment/{NEWS}\n"
            f"%kubectl set image deployment/{NEWS} {NEWS}={BAD}\n"
            'pods = ""\n'
            'while "ImagePull" not in pods:\n'
            f"    pods = %kubectl get pods -l app={NEWS}\n"
            f"%kubectl rollout undo deployment/{NEWS}\n"
            f"%kubectl rollout status deployment/{NEWS}"
        ),
        check=check_undo,
        hints=(
            f"`%kubectl rollout history deployment/{NEWS}` lists the revisions, and the command "
            "beside `history` that goes back stands in the lesson.",
            f"`rollout undo deployment/{NEWS}`, once a pod of {BAD} shows `ErrImagePull` or "
            "`ImagePullBackOff`. Where nothing was ordered yet: the first three lines of the "
            "starter.",
        ),
        seconds=30,
    ),
    Exercise(
        number="13.3",
        title="Say it in YAML",
        goal=(
            f"The folder `{DELI}` has a stack for a swarm. Say the same in the cluster's words: a "
            f"Deployment, a Service (port 80), a ConfigMap and a Secret, each with the name "
            f"`{DELI}`. NAME comes from the ConfigMap, the password, `{PASSWORD}`, from the key "
            "`password` of the Secret, as a variable or as a file, and what is reserved there is "
            "requested here."
        ),
        starter=(
            "# %%kubectl apply -f -\n"
            "# apiVersion: apps/v1\n# kind: Deployment\n# ...\n# ---\n"
            "# apiVersion: v1\n# kind: Service\n# ..."
        ),
        solution=f"%%kubectl apply -f -\n{_DELI_YAML}",
        check=check_yaml,
        hints=(
            "Four objects, `---` between them. What ties them are names and labels: the template's "
            "`labels` to the Service's `selector`, `envFrom` to the ConfigMap, and "
            "`secretKeyRef`, or a volume, to the Secret.",
            "Begin with `kubectl create deployment|service clusterip|configmap|secret generic "
            f"{DELI} … --dry-run=client -o yaml`, which print a manifest and make nothing; below "
            "the container's `image` come `envFrom` and `resources: {requests: {…}}`.",
        ),
        seconds=30,
    ),
)
