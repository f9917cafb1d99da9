/** Which page this is, by its path, and who may see it. */
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "./shell/base.css";
import "./shell/marks.css";
import "./shell/over.css";
import "./shell/topbar.css";
import "./shell/shell.css";
import "./incidents/queue.css";
import "./incidents/incidents.css";
import "./incidents/pairs.css";
import "./golden/line.css";
import "./map/map.css";
import "./tiles/tiles.css";
import "./session/session.css";
import "./shell/narrow.css";

const Console = lazy(() => import("./shell/Console").then((room) => ({ default: room.Console })));
const Viewer = lazy(() => import("./viewer/ViewerPage").then((room) => ({ default: room.ViewerPage })));
const Field = lazy(() => import("./field/FieldPage").then((room) => ({ default: room.FieldPage })));
const Privacy = lazy(() => import("./privacy/PrivacyPage").then((room) => ({ default: room.PrivacyPage })));
const TestMessage = lazy(() => import("./integrators/TestMessage").then((room) => ({ default: room.TestMessage })));
const Linkages = lazy(() => import("./integrators/LinkagesPage").then((room) => ({ default: room.LinkagesPage })));
const Admin = lazy(() => import("./admin/AdminPage").then((room) => ({ default: room.AdminPage })));

const Golden = lazy(() => import("./golden/GoldenPage").then((room) => ({ default: room.GoldenPage })));

function Page() {
  switch (window.location.pathname.replace(/\/+$/, "")) {
    case "/viewer":
      return <Viewer />;
    case "/field":
      return <Field />;
    case "/privacy":
      return <Privacy />;
    case "/test-message":
      return <TestMessage />;
    case "/linkages":
      return <Linkages />;
    case "/golden":
      return <Golden />;
    case "/admin":
      return <Admin />;
    default:
      return <Console />;
  }
}

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <Suspense fallback={null}>
        <Page />
      </Suspense>
    </StrictMode>,
  );
